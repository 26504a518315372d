import { crc32c } from './crc32c'
import { entry } from './entry'
import { get32, get64, set32 } from './fields'
import { frame } from './frame'
import { request } from './request'

/** How many entries were passed for each request's field number, below 32. */
export const COUNTS: usize = memory.data(32 * 4, 8)

/**
 * Passes the frames from `at` on, as far as they are in memory up to `held` and each is a sound entry
 * of the plainest kind: it continues the checksum `run`, its padding is zero, its index is the next
 * one, its term the same, and it carries one request whose field number is in the set `fields`.
 * What is not plain is left to the host, one record at a time.
 *
 * Leaves the address behind the last one in word 17, and the checksum there in word 18.
 *
 * @returns how many were passed
 */
export function plainEntries(
  at: usize,
  held: usize,
  run: u32,
  index: f64,
  term: f64,
  fields: u32,
): u32 {
  let passed: u32 = 0
  let next = <u64>index
  const sameTerm = <u64>term
  while (at + 8 <= held && frame(at, held) === 0 && get32(0) === 2) {
    const crc = crc32c(get32(2), get32(3), run)
    if (crc !== get32(1) || !entry(get32(2), get32(3))) break
    if (get64(8) !== 0 || get64(10) !== sameTerm || get64(12) !== next) break
    if (get32(14) === get32(15)) break
    request(get32(14), get32(15))
    const field = get32(16)
    if (field > 31 || ((fields >>> field) & 1) === 0) break
    const padding: usize = get32(4)
    const end = at + 8 + <usize>get64(5)
    if (!isZero(end, end + padding)) break
    store<u32>(COUNTS + (<usize>field << 2), load<u32>(COUNTS + (<usize>field << 2)) + 1)
    at = end + padding
    run = crc
    next++
    passed++
  }
  set32(17, <u32>at)
  set32(18, run)
  return passed
}

function isZero(start: usize, end: usize): bool {
  for (let at = start; at < end; at++) if (load<u8>(at) !== 0) return false
  return true
}
