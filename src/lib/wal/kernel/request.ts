import { begin, field, from, isOk, next, range, skip, to, varint, wire } from './cursor'
import { set32, set64 } from './fields'

const ID: u32 = 1
const V2: u32 = 2
const HEADER: u32 = 100

/** More than one request, a v2 one, or bytes that do not decode: for the host to look into. */
const UNUSUAL: u32 = 0xffff_ffff

/**
 * Finds which request etcdserverpb.InternalRaftRequest carries in [start, end), by its field number
 * (0 when there is none), and the request's id: field 1, or the header's.
 */
export function request(start: usize, end: usize): void {
  let id: u64 = 0
  let headerStart: usize = 0
  let headerEnd: usize = 0
  let found: u32 = 0
  begin(start, end)
  while (next()) {
    if (field === ID && wire === 0) id = varint()
    else if (wire !== 2) skip()
    else {
      range()
      if (field === HEADER) {
        headerStart = from
        headerEnd = to
      } else found = found === 0 && field !== V2 ? field : UNUSUAL
    }
  }
  if (!isOk()) found = UNUSUAL
  if (id === 0) id = headerId(headerStart, headerEnd)
  set32(16, found)
  set64(17, id)
}

/** RequestHeader {ID = 1, username = 2, auth_revision = 3}. */
function headerId(start: usize, end: usize): u64 {
  begin(start, end)
  while (next()) {
    if (field === 1 && wire === 0) return varint()
    skip()
  }
  return 0
}
