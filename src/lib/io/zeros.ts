import type { Source } from './source.ts'

const CHUNK = 256 * 1024
const FIRST_CHUNK = 4 * 1024
const ZEROS = Buffer.alloc(CHUNK)

/**
 * Zeros are read no further than this: etcd preallocates segments of 64 MB, and a sparse file can
 * hold more of them than anyone can read.
 */
const LONGEST_ZEROS = 256 * 1024 * 1024

/**
 * Offset of the first byte at or after `from` that is not zero; undefined when there is none before
 * `upTo`, or none that is looked for: see `zerosReadTo`.
 */
export function firstNonZero(
  source: Source,
  from: number,
  upTo: number = source.size,
): number | undefined {
  const end = Math.min(upTo, zerosReadTo(source, from))
  let chunk = Buffer.allocUnsafe(FIRST_CHUNK)
  for (let at = from; at < end; ) {
    const held = chunk.subarray(0, source.read(at, chunk))
    if (held.length === 0) return undefined
    if (held.compare(ZEROS, 0, held.length) !== 0) return at + held.findIndex((byte) => byte !== 0)
    at += held.length
    if (chunk.length < CHUNK) chunk = Buffer.allocUnsafe(CHUNK)
  }
  return undefined
}

/** Where `firstNonZero` ends its search: the end of the source, but for very many zeros. */
export function zerosReadTo(source: Source, from: number): number {
  return Math.min(source.size, from + LONGEST_ZEROS)
}
