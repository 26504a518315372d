import type { Int64, Uint64 } from '../proto/uint64.ts'

/** What one revision did to one key, but for the value. Readers hand out the same object again. */
export interface KeyEntry {
  /** A view, good until the next entry is read. */
  readonly key: Uint8Array
  /** The revision, as clients see it. */
  readonly main: Uint64
  /** Position among the changes of one transaction, from 0. */
  readonly sub: Uint64
  /** Whether the key was deleted; then the numbers below are 0. */
  readonly tombstone: boolean
  readonly createRevision: Int64
  readonly modRevision: Int64
  /** Changes since the key was created, from 1. */
  readonly version: Int64
  /** Lease id, 0 for none. */
  readonly lease: Int64
  /** Length of the value. */
  readonly valueBytes: number
  /** File offset of the value. */
  readonly valueOffset: number
  /** The value itself, when it is at hand: a view as the key is. */
  readonly value?: Uint8Array
}
