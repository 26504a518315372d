import { Cursor } from '../../proto/kernel/cursor'
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
  leave(type, term, index, dataStart, dataEnd)
  return cursor.ok
}

/**
 * The same for an entry of which only the head, [start, held), is in memory: its data comes last, as
 * etcd writes it, and ends where the entry does.
 */
export function entryHead(start: usize, held: usize, end: usize): bool {
  let type: u64 = 0
  let term: u64 = 0
  let index: u64 = 0
  cursor.begin(start, held)
  while (cursor.next() && cursor.field < 4) {
    if (cursor.wire !== 0) return false
    const value = cursor.varint()
    if (cursor.field === 1) type = value
    else if (cursor.field === 2) term = value
    else index = value
  }
  if (cursor.field !== 4 || cursor.wire !== 2) return false
  const dataLength = cursor.varint()
  leave(type, term, index, cursor.position, end)
  return cursor.ok && dataLength === <u64>(end - cursor.position)
}

function leave(type: u64, term: u64, index: u64, dataStart: usize, dataEnd: usize): void {
  set64(8, type)
  set64(10, term)
  set64(12, index)
  set32(14, <u32>dataStart)
  set32(15, <u32>dataEnd)
}
