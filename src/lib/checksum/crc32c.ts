import library from 'crc-32/crc32c.js'

/**
 * CRC-32C (Castagnoli) of `bytes[start, end)`, continuing from `seed`, which is a finished CRC as in
 * Go's `crc32.Update(seed, castagnoli, bytes)`; check value of "123456789": e3069283.
 *
 * The WAL has a quicker one for bytes in its own memory: wal/kernel/crc32c.ts.
 *
 * @returns an unsigned 32-bit number
 */
export function crc32c(bytes: Uint8Array, seed = 0, start = 0, end = bytes.length): number {
  return library.buf(bytes.subarray(start, end), seed) >>> 0
}
