import { type Cursor, WIRE } from '../proto/cursor.ts'
import type { Uint64 } from '../proto/uint64.ts'

/** The types of raftpb.Entry: raftpb/raft.proto @ raft v3.6.0. */
export const ENTRY = { normal: 0, confChange: 1, confChangeV2: 2 } as const

/** One raftpb.Entry, read in place: Type = 1, Term = 2, Index = 3, Data = 4. Absent means 0. */
export class EntryFields {
  type: Uint64 = 0
  term: Uint64 = 0
  index: Uint64 = 0
  /** The payload's range in the bytes that were read; empty when the field is absent. */
  dataStart = 0
  dataEnd = 0

  /** Reads the entry in `bytes[start, end)`; false when it is not valid protobuf. */
  read(cursor: Cursor, bytes: Uint8Array, start: number, end: number): boolean {
    cursor.reset(bytes, start, end)
    this.type = 0
    this.term = 0
    this.index = 0
    this.dataStart = end
    this.dataEnd = end
    while (cursor.next()) {
      const known = cursor.field <= 4
      if (known && cursor.wire !== (cursor.field === 4 ? WIRE.bytes : WIRE.varint)) return false
      switch (cursor.field) {
        case 1:
          this.type = cursor.uint64()
          break
        case 2:
          this.term = cursor.uint64()
          break
        case 3:
          this.index = cursor.uint64()
          break
        case 4:
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
}
