import { Cursor } from '../../proto/kernel/cursor'
import { set32 } from './fields'

const cursor = new Cursor()
let type: u64 = 0
let crc: u64 = 0
let dataStart: usize = 0
let dataEnd: usize = 0

/** Reads walpb.Record {type = 1, crc = 2, data = 3} in [start, end); false when it is broken. */
export function record(start: usize, end: usize): bool {
  type = 0
  crc = 0
  dataStart = end
  dataEnd = end
  cursor.begin(start, end)
  while (cursor.next()) {
    if (cursor.field > 3) cursor.skip()
    else if (cursor.wire !== (cursor.field === 3 ? 2 : 0)) return false
    else if (cursor.field === 1) type = cursor.varint()
    else if (cursor.field === 2) crc = cursor.varint()
    else {
      cursor.range()
      dataStart = cursor.from
      dataEnd = cursor.to
    }
  }
  leave()
  return cursor.ok
}

/**
 * The same for a record of `length` bytes of which only the head, [start, held), is in memory: its
 * data comes last, as etcd writes it, and ends where the record does.
 */
export function recordHead(start: usize, held: usize, length: usize): bool {
  cursor.begin(start, held)
  if (!cursor.next() || cursor.field !== 1 || cursor.wire !== 0) return false
  type = cursor.varint()
  if (!cursor.next() || cursor.field !== 2 || cursor.wire !== 0) return false
  crc = cursor.varint()
  if (!cursor.next() || cursor.field !== 3 || cursor.wire !== 2) return false
  const dataLength = cursor.varint()
  dataStart = cursor.position
  dataEnd = start + length
  leave()
  return cursor.ok && dataLength === <u64>(dataEnd - dataStart)
}

function leave(): void {
  set32(0, type > 0x7fff_ffff ? <u32>-1 : <u32>type)
  set32(1, <u32>crc)
  set32(2, <u32>dataStart)
  set32(3, <u32>dataEnd)
}
