import type { Source } from './source.ts'

/** Fills the front of a buffer with the next bytes; 0 at the end. */
export type Pull = (into: Uint8Array) => number

/** The longest that can be looked ahead: more than any block of zstd. */
const CAPACITY = 256 * 1024

/** Reads bytes in order, once, and can look ahead. */
export class ByteReader {
  /** Of the next byte. */
  offset: number
  private readonly pull: Pull
  private readonly buffer = Buffer.allocUnsafeSlow(CAPACITY)
  private start = 0
  private end = 0
  private ended = false

  /** @param offset what the first byte's offset is said to be */
  constructor(pull: Pull, offset = 0) {
    this.pull = pull
    this.offset = offset
  }

  /** The bytes [from, to) of a source. */
  static over(source: Source, from = 0, to = source.size): ByteReader {
    let at = from
    return new ByteReader((into) => {
      const got = source.read(at, into.subarray(0, Math.max(to - at, 0)))
      at += got
      return got
    }, from)
  }

  /**
   * The next `length` bytes, at most 256 KiB, or fewer where there are no more. They stay in place
   * until the next call.
   */
  peek(length: number): Buffer {
    this.hold(length)
    return this.buffer.subarray(this.start, Math.min(this.start + length, this.end))
  }

  /** Whatever comes next and is at hand; nothing only at the end. */
  peekAny(): Buffer {
    this.hold(1)
    return this.buffer.subarray(this.start, this.end)
  }

  /** Goes on behind bytes that were looked at. */
  skip(length: number): void {
    this.start += length
    this.offset += length
  }

  /** As `peek`, and goes on behind them. */
  take(length: number): Buffer {
    const bytes = this.peek(length)
    this.skip(bytes.length)
    return bytes
  }

  private hold(length: number): void {
    if (this.end - this.start >= length || this.ended) return
    this.buffer.copyWithin(0, this.start, this.end)
    this.end -= this.start
    this.start = 0
    while (this.end < length && !this.ended) {
      const got = this.pull(this.buffer.subarray(this.end))
      this.end += got
      this.ended = got === 0
    }
  }
}
