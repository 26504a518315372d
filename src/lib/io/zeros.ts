import type { Source } from './source.ts'

const CHUNK = 256 * 1024
const ZEROS = Buffer.alloc(CHUNK)

/** Offset of the first byte at or after `from` that is not zero; undefined when there is none. */
export function firstNonZero(source: Source, from: number): number | undefined {
  const chunk = Buffer.allocUnsafe(CHUNK)
  for (let at = from; at < source.size; at += CHUNK) {
    const held = chunk.subarray(0, source.read(at, chunk))
    if (held.length === 0) return undefined
    if (held.compare(ZEROS, 0, held.length) === 0) continue
    return at + held.findIndex((byte) => byte !== 0)
  }
  return undefined
}
