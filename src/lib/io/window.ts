import type { Source } from './source.ts'

/** The read size at which a warm page cache is quickest; see bench/README.md. */
const DEFAULT_CAPACITY = 256 * 1024

/**
 * A buffer that slides over a source. Codecs ask it to hold a range and then read `bytes` in place,
 * so that no record costs an allocation.
 */
export class Window {
  /** The buffer; only [0, held) is meaningful, and only until the next call of `locate`. */
  bytes: Uint8Array
  private source: Source
  private start = 0
  private held = 0

  constructor(source: Source, capacity: number = DEFAULT_CAPACITY) {
    this.source = source
    this.bytes = allocate(capacity)
  }

  /** Moves the window to another source, keeping its buffer. */
  reset(source: Source): void {
    this.source = source
    this.start = 0
    this.held = 0
  }

  /**
   * Makes the bytes [at, at + length) readable.
   *
   * @param at file offset
   * @param length bytes; the caller has bounded it, since the buffer grows to hold it
   * @returns the position of `at` in `bytes`, or -1 when the source ends before at + length
   */
  locate(at: number, length: number): number {
    const position = at - this.start
    if (position >= 0 && position + length <= this.held) return position
    return this.refill(at, length)
  }

  private refill(at: number, length: number): number {
    if (at + length > this.source.size) return -1
    if (length > this.bytes.length) this.bytes = allocate(2 ** Math.ceil(Math.log2(length)))
    this.start = at
    this.held = this.source.read(at, this.bytes)
    return length <= this.held ? 0 : -1
  }
}

function allocate(capacity: number): Uint8Array {
  const { buffer, byteOffset, byteLength } = Buffer.allocUnsafeSlow(capacity)
  return new Uint8Array(buffer, byteOffset, byteLength)
}
