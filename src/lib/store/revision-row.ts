import type { Int64, Uint64 } from '../proto/uint64.ts'

/**
 * One row of the `key` bucket: what one revision did to one key. Its arrays are views, good until the
 * next row is read.
 */
export interface RevisionRow {
  /** The revision, as clients see it. */
  readonly main: Uint64
  /** Position among the changes of one transaction, from 0. */
  readonly sub: Uint64
  /** Whether the key was deleted; then only `key` is stored of it, and the numbers below are 0. */
  readonly tombstone: boolean
  readonly key: Uint8Array
  readonly createRevision: Int64
  readonly modRevision: Int64
  /** Changes since the key was created, from 1. */
  readonly version: Int64
  /** Lease id, 0 for none. */
  readonly lease: Int64
  readonly value: Uint8Array
  /** File offset of the value's first byte; of no meaning when it is empty. */
  readonly valueOffset: number
  /** The leaf page that holds it. */
  readonly page: number
  /** File offset of the row's first byte, its revision. */
  readonly offset: number
  /** Length of the row: revision and all that is stored under it. */
  readonly bytes: number
}
