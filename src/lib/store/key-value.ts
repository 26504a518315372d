import { Cursor, WIRE } from '../proto/cursor.ts'
import { type Int64, int64FromHalves } from '../proto/uint64.ts'

/** The fields of mvccpb.KeyValue. Source: api/mvccpb/kv.proto @ v3.5.33. */
const FIELD = { key: 1, create: 2, mod: 3, version: 4, value: 5, lease: 6 } as const

const NOTHING = new Uint8Array(0)

/** Reads mvccpb.KeyValue in place; one is made, and used for every row. */
export class KeyValueReader {
  key: Uint8Array = NOTHING
  createRevision: Int64 = 0
  modRevision: Int64 = 0
  version: Int64 = 0
  value: Uint8Array = NOTHING
  lease: Int64 = 0
  private readonly cursor = new Cursor()

  /** @returns false when the bytes are no such message; the fields then mean nothing */
  read(bytes: Uint8Array): boolean {
    const { cursor } = this
    this.key = NOTHING
    this.value = NOTHING
    this.createRevision = 0
    this.modRevision = 0
    this.version = 0
    this.lease = 0
    cursor.reset(bytes, 0, bytes.length)
    while (cursor.next()) if (!this.field(bytes)) return false
    return cursor.ok
  }

  /** A field of the wrong wire type is an error, as gogo has it; an unknown one is passed over. */
  private field(bytes: Uint8Array): boolean {
    const { cursor } = this
    switch (cursor.field) {
      case FIELD.key:
        if (cursor.wire !== WIRE.bytes) return false
        cursor.range()
        this.key = bytes.subarray(cursor.from, cursor.to)
        return cursor.ok
      case FIELD.value:
        if (cursor.wire !== WIRE.bytes) return false
        cursor.range()
        this.value = bytes.subarray(cursor.from, cursor.to)
        return cursor.ok
      case FIELD.create:
        if (cursor.wire !== WIRE.varint) return false
        this.createRevision = this.int64()
        return cursor.ok
      case FIELD.mod:
        if (cursor.wire !== WIRE.varint) return false
        this.modRevision = this.int64()
        return cursor.ok
      case FIELD.version:
        if (cursor.wire !== WIRE.varint) return false
        this.version = this.int64()
        return cursor.ok
      case FIELD.lease:
        if (cursor.wire !== WIRE.varint) return false
        this.lease = this.int64()
        return cursor.ok
      default:
        cursor.skip()
        return cursor.ok
    }
  }

  private int64(): Int64 {
    this.cursor.words()
    return int64FromHalves(this.cursor.high, this.cursor.low)
  }
}
