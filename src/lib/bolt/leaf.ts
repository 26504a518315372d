import type { BoltKernel } from './kernel.ts'
import { BUCKET_FLAG, decodeLeafElement } from './page.ts'
import type { Row } from './row.ts'

/** A leaf page of a bucket, as it lies in the kernel's memory: good until the next page is read. */
export interface Leaf {
  readonly page: number
  /** Address of the page in the kernel's memory. */
  readonly at: number
  /** File offset of the page. */
  readonly offset: number
  /**
   * The elements that are inside the page: pairs of first and behind-last. One pair on a page that
   * is as it should be.
   */
  readonly runs: readonly number[]
  /**
   * Where keys and values begin and end in memory, when they lie one behind the other in the order
   * of the elements, as bbolt writes them; both 0 when not.
   */
  readonly start: number
  readonly end: number
}

/** Numbers of the elements of a leaf that can be read. */
export function* elementsOf(leaf: Leaf): Iterable<number> {
  const { runs } = leaf
  for (let run = 0; run < runs.length; run += 2) {
    const behind = runs[run + 1] as number
    for (let element = runs[run] as number; element < behind; element++) yield element
  }
}

/** The rows of a leaf, without buckets. */
export function* rowsOf(leaf: Leaf, bytes: Uint8Array, view: DataView): Iterable<Row> {
  for (const index of elementsOf(leaf)) {
    const { flags, keyAt, valueAt, valueBytes } = decodeLeafElement(view, leaf.at, index)
    if (flags & BUCKET_FLAG) continue
    yield {
      key: bytes.subarray(keyAt, valueAt),
      value: bytes.subarray(valueAt, valueAt + valueBytes),
      page: leaf.page,
      offset: leaf.offset + keyAt - leaf.at,
    }
  }
}

/**
 * CRC-32C of the keys and values of a leaf, one behind the other, and how many bytes they are.
 *
 * @param seed the CRC to continue from
 */
export function hashOf(
  { exports }: BoltKernel,
  { at, runs, start, end }: Leaf,
  seed = 0,
): { crc: number; bytes: number } {
  if (end > start) return { crc: exports.crc32c(start, end, seed) >>> 0, bytes: end - start }
  let crc = seed
  let bytes = 0
  for (let run = 0; run < runs.length; run += 2) {
    const from = runs[run] as number
    const to = runs[run + 1] as number
    crc = exports.rowsCrc32c(at, from, to, crc) >>> 0
    bytes += exports.rowsBytes(at, from, to)
  }
  return { crc, bytes }
}
