import type { Source } from './source.ts'

/** The read size at which a warm page cache is quickest; see bench/README.md. */
const DEFAULT_CAPACITY = 256 * 1024

/**
 * A buffer that slides over a source. Codecs ask it to hold a range and then read `bytes` in place,
 * so that no record costs an allocation.
 */
export class Window {
  private source: Source
  private readonly allocate: (capacity: number) => Uint8Array
  private buffer: Uint8Array
  private view: Uint8Array | undefined
  /** Where the buffer begins in `bytes`, and the file offset of its first byte. */
  private base = 0
  private start = 0
  private held = 0
  /** The position behind the last byte held. */
  heldTo = 0

  /** @param allocate where the buffer comes from, when it has to lie in a memory of its own */
  constructor(
    source: Source,
    allocate: (capacity: number) => Uint8Array = allocateHere,
    capacity: number = DEFAULT_CAPACITY,
  ) {
    this.source = source
    this.allocate = allocate
    this.buffer = allocate(capacity)
    this.base = this.buffer.byteOffset
  }

  /** What positions refer to; good until the next call of `locate`. */
  get bytes(): Uint8Array {
    this.view ??= new Uint8Array(this.buffer.buffer)
    return this.view
  }

  get capacity(): number {
    return this.buffer.length
  }

  /** Moves the window to another source, keeping its buffer. */
  reset(source: Source): void {
    this.source = source
    this.start = 0
    this.held = 0
    this.heldTo = this.base
  }

  /**
   * Makes the bytes [at, at + length) readable.
   *
   * @param at file offset
   * @param length bytes; the caller has bounded it, since the buffer grows to hold it
   * @returns the position of `at` in `bytes`, or -1 when the source ends before at + length
   */
  locate(at: number, length: number): number {
    const distance = at - this.start
    if (distance >= 0 && distance + length <= this.held) return this.base + distance
    return this.refill(at, length) ? this.base : -1
  }

  private refill(at: number, length: number): boolean {
    if (at + length > this.source.size) return false
    if (length > this.buffer.length) {
      this.view = undefined
      this.buffer = this.allocate(2 ** Math.ceil(Math.log2(length)))
      this.base = this.buffer.byteOffset
    }
    this.start = at
    // A buffer that once held something large is not filled for something small.
    const wanted = Math.max(length, Math.min(this.buffer.length, DEFAULT_CAPACITY))
    this.held = this.source.read(at, this.buffer.subarray(0, wanted))
    this.heldTo = this.base + this.held
    return length <= this.held
  }
}

function allocateHere(capacity: number): Uint8Array {
  return new Uint8Array(capacity)
}
