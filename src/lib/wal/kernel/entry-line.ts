import { ascii, decimal, hasRoom, literal, mark, rewind } from './output'
import { requestJson } from './request-json'

/**
 * What stands in a line before the index, and between index and offset, as text behind its length:
 * the host writes it here whenever it changes, which is seldom.
 */
export const HEAD: usize = memory.data(256, 8)
export const MIDDLE: usize = memory.data(256, 8)

const BYTES = ascii(',"bytes":')
const END = ascii('}\n')

/**
 * Gathers the NDJSON line of an entry whose payload is [start, end), offset and bytes being those of
 * its frame.
 *
 * @returns false, with nothing gathered, for an entry whose line is left to the host
 */
export function entryLine(start: usize, end: usize, index: f64, offset: f64, bytes: f64): bool {
  if (!hasRoom()) return false
  const line = mark()
  literal(HEAD)
  decimal(<u64>index)
  literal(MIDDLE)
  decimal(<u64>offset)
  literal(BYTES)
  decimal(<u64>bytes)
  if (hasRoom() && requestJson(start, end) && hasRoom()) {
    literal(END)
    return true
  }
  rewind(line)
  return false
}
