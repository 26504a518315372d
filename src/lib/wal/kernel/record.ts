import { at, begin, field, from, isOk, next, range, skip, to, varint, wire } from './cursor'
import { set32 } from './fields'

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
  begin(start, end)
  while (next()) {
    if (field > 3) skip()
    else if (wire !== (field === 3 ? 2 : 0)) return false
    else if (field === 1) type = varint()
    else if (field === 2) crc = varint()
    else {
      range()
      dataStart = from
      dataEnd = to
    }
  }
  leave()
  return isOk()
}

/**
 * The same for a record of `length` bytes of which only the head, [start, held), is in memory: its
 * data comes last, as etcd writes it, and ends where the record does.
 */
export function recordHead(start: usize, held: usize, length: usize): bool {
  begin(start, held)
  if (!next() || field !== 1 || wire !== 0) return false
  type = varint()
  if (!next() || field !== 2 || wire !== 0) return false
  crc = varint()
  if (!next() || field !== 3 || wire !== 2) return false
  const dataLength = varint()
  dataStart = at()
  dataEnd = start + length
  leave()
  return isOk() && dataLength === <u64>(dataEnd - dataStart)
}

function leave(): void {
  set32(0, type > 0x7fff_ffff ? <u32>-1 : <u32>type)
  set32(1, <u32>crc)
  set32(2, <u32>dataStart)
  set32(3, <u32>dataEnd)
}
