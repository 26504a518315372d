import type { Int64 } from '../proto/uint64.ts'

/** What keys take up, in bytes of rows: keys and values as they are stored, without bbolt's own. */
export interface Usage {
  /** The rows that a server shows. */
  readonly live: { readonly keys: number; readonly bytes: number }
  /** All others: revisions that were overwritten, and deletions. */
  readonly history: { readonly records: number; readonly bytes: number }
  /** How often the live keys were changed since they were created, compacted changes too. */
  readonly changes: number
}

/** A usage that grows. */
export class Tally implements Usage {
  readonly live = { keys: 0, bytes: 0 }
  readonly history = { records: 0, bytes: 0 }
  changes = 0

  addLive(bytes: number, version: Int64): void {
    this.live.keys += 1
    this.live.bytes += bytes
    this.changes = atMost(this.changes + Math.max(0, Number(version)))
  }

  addHistory(records: number, bytes: number): void {
    this.history.records += records
    this.history.bytes += bytes
  }

  add({ live, history, changes }: Usage): void {
    this.live.keys += live.keys
    this.live.bytes += live.bytes
    this.addHistory(history.records, history.bytes)
    this.changes = atMost(this.changes + changes)
  }
}

/** A damaged version can be any number of 64 bits: what is not exact stays at the largest that is. */
function atMost(value: number): number {
  return Math.min(value, Number.MAX_SAFE_INTEGER)
}

/** What groups are sorted by, the largest first. */
export type SpaceOrder = 'total' | 'live' | 'history' | 'keys' | 'records' | 'changes'

export const SPACE_ORDERS: readonly SpaceOrder[] = [
  'total',
  'live',
  'history',
  'keys',
  'records',
  'changes',
]

/** The number that an order goes by: bytes, keys, stored revisions or changes. */
export function sizeIn(order: SpaceOrder, { live, history, changes }: Usage): number {
  switch (order) {
    case 'total':
      return live.bytes + history.bytes
    case 'live':
      return live.bytes
    case 'history':
      return history.bytes
    case 'keys':
      return live.keys
    case 'records':
      return live.keys + history.records
    case 'changes':
      return changes
  }
}
