import { crc32c } from '../../checksum/kernel/crc32c'
import { Cursor } from '../../proto/kernel/cursor'
import { entry } from './entry'
import { get32, get64, set32 } from './fields'
import { frame } from './frame'
import { request } from './request'

/** Types of walpb.Record. */
const ENTRY: u32 = 2
const STATE: u32 = 3

const cursor = new Cursor()

/** How many entries were passed for each request's field number, below 32. */
export const COUNTS: usize = memory.data(32 * 4, 8)

/**
 * Passes the frames from `at` on, as far as they are in memory up to `held` and each is sound and of
 * the plainest kind: it continues the checksum `run`, its padding is zero, and it holds a HardState,
 * or an entry whose index is the next one, its term the same, and which carries one request whose
 * field number is in the set `fields`. What is not plain is left to the host, one record at a time.
 *
 * Leaves the address behind the last one in word 17, the checksum there in word 18, how many states
 * were passed in word 19, and where the last of them is in words 20 and 21.
 *
 * @returns how many entries were passed
 */
export function plainEntries(
  at: usize,
  held: usize,
  run: u32,
  index: f64,
  term: f64,
  fields: u32,
): u32 {
  const first = <u64>index
  const sameTerm = <u64>term
  let next = first
  let states: u32 = 0
  while (at + 8 <= held && frame(at, held) === 0) {
    const type = get32(0)
    const start: usize = get32(2)
    const stop: usize = get32(3)
    const isEntry = type === ENTRY
    if (isEntry ? !isPlainEntry(start, stop, next, sameTerm, fields) : !isState(type, start, stop)) break
    const padding: usize = get32(4)
    const end = at + 8 + <usize>get64(5)
    if (!isZero(end, end + padding)) break
    const crc = crc32c(start, stop, run)
    if (crc !== get32(1)) break
    run = crc
    at = end + padding
    if (isEntry) {
      const count = COUNTS + (<usize>get32(16) << 2)
      store<u32>(count, load<u32>(count) + 1)
      next++
    } else {
      states++
      set32(20, <u32>start)
      set32(21, <u32>stop)
    }
  }
  set32(17, <u32>at)
  set32(18, run)
  set32(19, states)
  return <u32>(next - first)
}

/** Leaves the request's field number in word 16. */
function isPlainEntry(start: usize, end: usize, index: u64, term: u64, fields: u32): bool {
  if (!entry(start, end)) return false
  if (get64(8) !== 0 || get64(10) !== term || get64(12) !== index) return false
  if (get32(14) === get32(15)) return false
  request(get32(14), get32(15))
  const field = get32(16)
  return field < 32 && ((fields >>> field) & 1) === 1
}

/** Whether this is raftpb.HardState {term = 1, vote = 2, commit = 3} with nothing else in it. */
function isState(type: u32, start: usize, end: usize): bool {
  if (type !== STATE) return false
  cursor.begin(start, end)
  while (cursor.next()) {
    if (cursor.field > 3 || cursor.wire !== 0) return false
    cursor.varint()
  }
  return cursor.ok
}

function isZero(start: usize, end: usize): bool {
  for (let at = start; at < end; at++) if (load<u8>(at) !== 0) return false
  return true
}
