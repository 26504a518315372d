import { sortRecords } from './sort.ts'

/** Records whose order is that of their keys, one at a time. */
export interface SortedRecords {
  /** What the positions below refer to; all are good until the next call of `next`. */
  readonly bytes: Uint8Array
  readonly keyStart: number
  readonly keyEnd: number
  /** The payload follows the key. */
  readonly payloadEnd: number
  /** Reads the next record; false behind the last. */
  next(): boolean
}

/** What is smaller grows by doubling, to cost little where there is little. */
const SMALL = 64 * 1024

/** Records in memory, of which `sort` makes a sorted run. */
export class Run implements SortedRecords {
  bytes: Uint8Array
  keyStart = 0
  keyEnd = 0
  payloadEnd = 0
  private readonly mostRecords: number
  private readonly mostBytes: number
  /** Where the records start; one more than there are, for the end of the last. */
  private starts = new Uint32Array(64)
  private keyLengths = new Uint32Array(64)
  private count = 0
  /** Record numbers in the order of their keys. */
  private order: Uint32Array = new Uint32Array(0)
  private sorted = 0
  private at = 0

  /**
   * @param mostRecords at most MOST_RECORDS
   * @param mostBytes of records; a single one may be larger
   */
  constructor(mostRecords: number, mostBytes: number) {
    this.mostRecords = mostRecords
    this.mostBytes = mostBytes
    this.bytes = new Uint8Array(4096)
  }

  /** Whether a record of so many bytes stays within the limits. */
  hasRoom(bytes: number): boolean {
    if (this.count === 0) return true
    const used = this.starts[this.count] as number
    return this.count < this.mostRecords && used + bytes <= this.mostBytes
  }

  add(key: Uint8Array, payload: Uint8Array): void {
    const start = this.starts[this.count] as number
    const end = start + key.length + payload.length
    if (end > this.bytes.length) this.grow(end)
    copy(key, this.bytes, start)
    copy(payload, this.bytes, start + key.length)
    if (this.count + 1 === this.starts.length) this.growTables()
    this.keyLengths[this.count] = key.length
    this.count += 1
    this.starts[this.count] = end
  }

  /**
   * Sorts what was added, to be read by `next`.
   *
   * @param lastOnly whether of equal keys only the one added last is kept
   */
  sort(descending: boolean, lastOnly: boolean): void {
    const { bytes, starts, keyLengths, count } = this
    this.order = sortRecords(bytes, starts, keyLengths, count)
    this.sorted = lastOnly ? this.dropOlder() : count
    if (descending) this.order.subarray(0, this.sorted).reverse()
    this.at = 0
  }

  next(): boolean {
    if (this.at >= this.sorted) return false
    const record = this.order[this.at++] as number
    this.keyStart = this.starts[record] as number
    this.keyEnd = this.keyStart + (this.keyLengths[record] as number)
    this.payloadEnd = this.starts[record + 1] as number
    return true
  }

  clear(): void {
    this.count = 0
    this.sorted = 0
  }

  /** The memory of the records, for another use once they are written out. */
  takeMemory(atLeast: number): Uint8Array {
    this.clear()
    return this.bytes.length < atLeast ? new Uint8Array(atLeast) : this.bytes
  }

  private dropOlder(): number {
    const { order, count } = this
    let kept = 0
    for (let at = 0; at < count; at++) {
      const record = order[at] as number
      if (at + 1 < count && this.sameKey(record, order[at + 1] as number)) continue
      order[kept++] = record
    }
    return kept
  }

  private sameKey(a: number, b: number): boolean {
    const { bytes, starts, keyLengths } = this
    const length = keyLengths[a] as number
    if (length !== keyLengths[b]) return false
    const [startA = 0, startB = 0] = [starts[a], starts[b]]
    // Neighbours differ, if at all, most often at the end.
    for (let at = length - 1; at >= 0; at--) {
      if (bytes[startA + at] !== bytes[startB + at]) return false
    }
    return true
  }

  private grow(needed: number): void {
    const bytes = new Uint8Array(Math.max(needed, this.larger(this.bytes.length, this.mostBytes)))
    bytes.set(this.bytes)
    this.bytes = bytes
  }

  /** Memory that is not touched costs nothing, but for each that is given up there is a copy. */
  private larger(size: number, most: number): number {
    return size < SMALL ? size * 2 : Math.max(size * 2, most)
  }

  private growTables(): void {
    const { starts, keyLengths } = this
    const size = Math.min(this.larger(starts.length, this.mostRecords), this.mostRecords + 1)
    this.starts = new Uint32Array(size)
    this.starts.set(starts)
    this.keyLengths = new Uint32Array(size)
    this.keyLengths.set(keyLengths)
  }
}

/** `set` costs more than the loop for what most keys and payloads are. */
function copy(from: Uint8Array, into: Uint8Array, at: number): void {
  const { length } = from
  if (length > 96) into.set(from, at)
  else for (let byte = 0; byte < length; byte++) into[at + byte] = from[byte] as number
}
