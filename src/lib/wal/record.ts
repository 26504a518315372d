import { type Cursor, WIRE } from '../proto/cursor.ts'

/** The types of walpb.Record: server/storage/wal/wal.go @ v3.6.14, the same since 3.0. */
export const RECORD = { metadata: 1, entry: 2, state: 3, crc: 4, snapshot: 5 } as const

export type RecordName = keyof typeof RECORD

const NAMES: readonly (RecordName | undefined)[] = [
  undefined,
  'metadata',
  'entry',
  'state',
  'crc',
  'snapshot',
]

/** The name of a record type; undefined for one that no etcd writes. */
export function recordName(type: number): RecordName | undefined {
  return NAMES[type]
}

/** One walpb.Record, read in place: type = 1, crc = 2, data = 3. */
export class RecordFields {
  /** The int64 of the file; -1 stands for one that is not a small positive number. */
  type = 0
  /** CRC-32C over all data since the last crc record, this record's data included. */
  crc = 0
  /** The data's range in the bytes that were read; empty when the field is absent. */
  dataStart = 0
  dataEnd = 0

  /** Reads the record that `cursor` was set on; false when it is not valid protobuf. */
  read(cursor: Cursor): boolean {
    this.type = 0
    this.crc = 0
    this.dataStart = cursor.position
    this.dataEnd = cursor.position
    while (cursor.next()) {
      switch (cursor.field) {
        case 1:
          if (cursor.wire !== WIRE.varint) return false
          this.type = smallOrMinusOne(cursor.uint64())
          break
        case 2:
          if (cursor.wire !== WIRE.varint) return false
          this.crc = cursor.uint32()
          break
        case 3:
          if (cursor.wire !== WIRE.bytes) return false
          cursor.range()
          this.dataStart = cursor.from
          this.dataEnd = cursor.to
          break
        default:
          cursor.skip()
      }
    }
    return cursor.ok
  }

  /**
   * Reads only the fields in front of the data, in the order etcd writes them. `cursor` ends within
   * the data; `dataEnd` becomes `end`.
   */
  readHead(cursor: Cursor, end: number): boolean {
    const inOrder =
      cursor.next() && cursor.field === 1 && cursor.wire === WIRE.varint
    this.type = inOrder ? smallOrMinusOne(cursor.uint64()) : -1
    const hasCrc = cursor.next() && cursor.field === 2 && cursor.wire === WIRE.varint
    this.crc = hasCrc ? cursor.uint32() : 0
    const hasData = cursor.next() && cursor.field === 3 && cursor.wire === WIRE.bytes
    const length = hasData ? cursor.uint64() : 0
    this.dataStart = cursor.position
    this.dataEnd = end
    return inOrder && hasCrc && hasData && cursor.ok && length === end - cursor.position
  }
}

function smallOrMinusOne(value: number | bigint): number {
  return typeof value === 'number' && value < 0x8000_0000 ? value : -1
}
