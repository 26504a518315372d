import { Cursor } from '../proto/cursor.ts'
import { type Int64, int64FromHalves, type Uint64 } from '../proto/uint64.ts'
import type { KeyEntry } from './keyspace-entry.ts'
import type { RevisionRow } from './revision-row.ts'

/** Nine varints. */
const MOST_BYTES = 90

const NOTHING = new Uint8Array(0)

/** Writes what a sorter keeps of a row besides its key: some 15 bytes, as varints. */
export class PayloadWriter {
  private readonly bytes = new Uint8Array(MOST_BYTES)
  private at = 0

  /** A view, good until the next call. */
  write(row: RevisionRow): Uint8Array {
    this.at = 0
    this.varint(row.tombstone ? 1 : 0)
    this.varint(row.main)
    this.varint(row.sub)
    if (!row.tombstone) {
      this.varint(row.createRevision)
      this.varint(row.modRevision)
      this.varint(row.version)
      this.varint(row.lease)
      this.varint(row.value.length)
      this.varint(row.value.length === 0 ? 0 : row.valueOffset)
    }
    return this.bytes.subarray(0, this.at)
  }

  private varint(value: Uint64 | Int64): void {
    const { bytes } = this
    if (typeof value === 'bigint' || value < 0) {
      this.bigVarint(BigInt.asUintN(64, BigInt(value)))
      return
    }
    let rest = value
    while (rest >= 0x8000_0000) {
      bytes[this.at++] = (rest % 0x80) | 0x80
      rest = Math.floor(rest / 0x80)
    }
    while (rest >= 0x80) {
      bytes[this.at++] = (rest & 0x7f) | 0x80
      rest >>>= 7
    }
    bytes[this.at++] = rest
  }

  private bigVarint(value: bigint): void {
    let rest = value
    while (rest >= 0x80n) {
      this.bytes[this.at++] = Number(rest & 0x7fn) | 0x80
      rest >>= 7n
    }
    this.bytes[this.at++] = Number(rest)
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
