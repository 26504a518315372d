import { Cursor } from '../proto/cursor.ts'
import { type Int64, int64FromHalves, type Uint64 } from '../proto/uint64.ts'
import type { KeyEntry } from './keyspace-entry.ts'
import type { RevisionRow } from './revision-row.ts'
import { VarintWriter } from './varint-writer.ts'

const NOTHING = new Uint8Array(0)

/** Writes what a sorter keeps of a row besides its key: some 15 bytes, as varints. */
export class PayloadWriter {
  private readonly varints = new VarintWriter()

  /** A view, good until the next call. */
  write(row: RevisionRow): Uint8Array {
    const { varints } = this
    varints.reset()
    varints.write(row.tombstone ? 1 : 0)
    varints.write(row.main)
    varints.write(row.sub)
    if (!row.tombstone) {
      varints.write(row.createRevision)
      varints.write(row.modRevision)
      varints.write(row.version)
      varints.write(row.lease)
      varints.write(row.value.length)
      varints.write(row.value.length === 0 ? 0 : row.valueOffset)
    }
    return varints.written()
  }
}

/** Reads it back: an entry, again and again the same object. */
export class PayloadReader implements KeyEntry {
  key: Uint8Array = NOTHING
  main: Uint64 = 0
  sub: Uint64 = 0
  tombstone = false
  createRevision: Int64 = 0
  modRevision: Int64 = 0
  version: Int64 = 0
  lease: Int64 = 0
  valueBytes = 0
  valueOffset = 0
  private readonly cursor = new Cursor()

  read(key: Uint8Array, bytes: Uint8Array, start: number, end: number): void {
    const { cursor } = this
    cursor.reset(bytes, start, end)
    this.key = key
    this.tombstone = cursor.uint64() === 1
    this.main = cursor.uint64()
    this.sub = cursor.uint64()
    this.createRevision = this.int64()
    this.modRevision = this.int64()
    this.version = this.int64()
    this.lease = this.int64()
    this.valueBytes = Number(this.int64())
    this.valueOffset = Number(this.int64())
  }

  /** 0 where a deletion has ended. */
  private int64(): Int64 {
    const { cursor } = this
    if (this.tombstone) return 0
    cursor.words()
    return int64FromHalves(cursor.high, cursor.low)
  }
}
