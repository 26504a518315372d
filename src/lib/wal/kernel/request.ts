import { Cursor } from '../../proto/kernel/cursor'
import { set32 } from './fields'

const cursor = new Cursor()

const V2: u32 = 2
const HEADER: u32 = 100

/** More than one request, a v2 one, or bytes that do not decode: for the host to look into. */
const UNUSUAL: u32 = 0xffff_ffff

/**
 * Finds which request etcdserverpb.InternalRaftRequest carries in [start, end), by its field number;
 * 0 when there is none.
 */
export function request(start: usize, end: usize): void {
  let found: u32 = 0
  cursor.begin(start, end)
  while (cursor.next()) {
    const field = cursor.field
    const isRequest = cursor.wire === 2 && field !== HEADER
    cursor.skip()
    if (isRequest) found = found === 0 && field !== V2 ? field : UNUSUAL
  }
  set32(16, cursor.ok ? found : UNUSUAL)
}
