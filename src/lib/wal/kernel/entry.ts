import { Cursor } from './cursor'
import { set32, set64 } from './fields'

const cursor = new Cursor()

/**
 * Reads raftpb.Entry {Type = 1, Term = 2, Index = 3, Data = 4} in [start, end); false when it is
 * broken.
 */
export function entry(start: usize, end: usize): bool {
  let type: u64 = 0
  let term: u64 = 0
  let index: u64 = 0
  let dataStart = end
  let dataEnd = end
  cursor.begin(start, end)
  while (cursor.next()) {
    if (cursor.field > 4) cursor.skip()
    else if (cursor.wire !== (cursor.field === 4 ? 2 : 0)) return false
    else if (cursor.field === 1) type = cursor.varint()
    else if (cursor.field === 2) term = cursor.varint()
    else if (cursor.field === 3) index = cursor.varint()
    else {
      cursor.range()
      dataStart = cursor.from
      dataEnd = cursor.to
    }
  }
  set64(8, type)
  set64(10, term)
  set64(12, index)
  set32(14, <u32>dataStart)
  set32(15, <u32>dataEnd)
  return cursor.ok
}
