import { createRequire } from 'node:module'
import portable from 'crc-32/crc32c.js'

type Crc32c = (bytes: Uint8Array, seed?: number) => number

/** Below this many bytes the call into native code costs more than it saves; see bench/README.md. */
const NATIVE_FROM = 1024

let native: Crc32c | undefined

/**
 * CRC-32C (Castagnoli) of `bytes[start, end)`, continuing from `seed`, which is a finished CRC as in
 * Go's `crc32.Update(seed, castagnoli, bytes)`; check value of "123456789": e3069283.
 *
 * @returns an unsigned 32-bit number
 */
export function crc32c(
  bytes: Uint8Array,
  seed = 0,
  start = 0,
  end: number = bytes.length,
): number {
  const whole = start === 0 && end === bytes.length
  const range = whole ? bytes : bytes.subarray(start, end)
  if (end - start < NATIVE_FROM) return portable.buf(range, seed) >>> 0
  native ??= loadNative()
  return native(range, seed) >>> 0
}

/** `@node-rs/crc32` has no build for every platform, and no place in a single-file program. */
function loadNative(): Crc32c {
  try {
    const { crc32c: found } = createRequire(import.meta.url)('@node-rs/crc32')
    return found
  } catch {
    return (bytes, seed) => portable.buf(bytes, seed)
  }
}
