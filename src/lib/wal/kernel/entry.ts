import { begin, field, from, isOk, next, range, skip, to, varint, wire } from './cursor'
import { set32, set64 } from './fields'

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
  begin(start, end)
  while (next()) {
    if (field > 4) skip()
    else if (wire !== (field === 4 ? 2 : 0)) return false
    else if (field === 1) type = varint()
    else if (field === 2) term = varint()
    else if (field === 3) index = varint()
    else {
      range()
      dataStart = from
      dataEnd = to
    }
  }
  set64(8, type)
  set64(10, term)
  set64(12, index)
  set32(14, <u32>dataStart)
  set32(15, <u32>dataEnd)
  return isOk()
}
