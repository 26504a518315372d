import { set32, set64 } from './fields'
import { record } from './record'

/** A frame with a record that decodes; a length of zero; a broken record; a frame not held whole. */
const RECORD: i32 = 0
const ZERO: i32 = 1
const UNDECODABLE: i32 = 2
const NOT_HELD: i32 = 3

/**
 * Reads the frame at `at`, of which the bytes up to `held` are in memory:
 *
 *     int64 LE  L        low 56 bits: length of the record; top bit set: bits 56..58 hold the padding
 *     bytes     record   protobuf walpb.Record
 *     zeros     padding  to a multiple of 8
 *
 * An L of zero ends the file's records. Source: server/storage/wal/{encoder,decoder}.go @ v3.6.14;
 * unchanged since 3.0.
 */
export function frame(at: usize, held: usize): i32 {
  const word = load<u64>(at)
  if (word === 0) return ZERO
  const length = word & 0x00ff_ffff_ffff_ffff
  const padding = <i64>word < 0 ? (word >>> 56) & 7 : 0
  set64(5, length)
  set32(4, <u32>padding)
  const start = at + 8
  if (length + padding > <u64>(held - start)) return NOT_HELD
  return record(start, start + <usize>length) ? RECORD : UNDECODABLE
}
