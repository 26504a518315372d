import { type Uint64, uint64FromHalves } from './uint64.ts'

/** Protobuf wire types; 3 and 4 are groups, which etcd never writes and gogo refuses. */
export const WIRE = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const

/** One for all: an array takes more time to make than most messages to read. */
const NO_BYTES = new Uint8Array(0)

/**
 * Reads protobuf in place, without allocating: for the records there are millions of. Everything
 * else goes through the generated messages.
 *
 * Errors do not throw: `ok` turns false, and stays so, at the first byte that is not as it should
 * be. What a read returns then is of no meaning.
 */
export class Cursor {
  bytes: Uint8Array = NO_BYTES
  position = 0
  end = 0
  ok = true
  /** The field number and wire type that `next` read. */
  field = 0
  wire = 0
  /** The words that `words` read. */
  low = 0
  high = 0
  /** The range in `bytes` that `range` read. */
  from = 0
  to = 0

  /** Starts over on `bytes[start, end)`. */
  reset(bytes: Uint8Array, start: number, end: number): void {
    this.bytes = bytes
    this.position = start
    this.end = end
    this.ok = true
  }

  /** Reads the next tag into `field` and `wire`; false at the end or when the tag is broken. */
  next(): boolean {
    if (this.position >= this.end || !this.ok) return false
    const tag = this.uint32()
    this.field = tag >>> 3
    this.wire = tag & 7
    if (this.field === 0) this.ok = false
    return this.ok
  }

  /** A varint of which the low 32 bits count, as Go reads a uint32. */
  uint32(): number {
    const { bytes, end } = this
    let result = 0
    for (let shift = 0; shift < 70; shift += 7) {
      if (this.position >= end) break
      const byte = bytes[this.position++] as number
      if (shift < 32) result |= (byte & 0x7f) << shift
      if (byte < 0x80) return result >>> 0
    }
    this.ok = false
    return 0
  }

  /** A varint of up to 64 bits. */
  uint64(): Uint64 {
    const { bytes, end } = this
    const first = this.position < end ? (bytes[this.position] as number) : 0x80
    if (first < 0x80) {
      this.position += 1
      return first
    }
    this.words()
    return this.high === 0 ? this.low >>> 0 : uint64FromHalves(this.high, this.low)
  }

  /** A varint of up to 64 bits, as two 32-bit words: `low` and `high`. */
  words(): void {
    const { bytes, end } = this
    this.low = 0
    this.high = 0
    for (let shift = 0; shift < 70; shift += 7) {
      if (this.position >= end) break
      const byte = bytes[this.position++] as number
      const bits = byte & 0x7f
      if (shift < 28) this.low |= bits << shift
      else if (shift === 28) {
        this.low |= bits << 28
        this.high |= bits >>> 4
      } else this.high |= shift < 63 ? bits << (shift - 32) : (bits & 1) << 31
      if (byte < 0x80) return
    }
    this.ok = false
  }

  /** A length and the bytes it counts, as `from` and `to`; never beyond the end of the parent. */
  range(): void {
    const length = this.uint64()
    this.from = this.position
    if (length > this.end - this.position) {
      this.ok = false
      this.to = this.position
      return
    }
    this.to = this.position + (length as number)
    this.position = this.to
  }

  /** Passes over the value of a field that the caller does not want. */
  skip(): void {
    switch (this.wire) {
      case WIRE.varint:
        this.uint64()
        break
      case WIRE.fixed64:
        this.advance(8)
        break
      case WIRE.bytes:
        this.range()
        break
      case WIRE.fixed32:
        this.advance(4)
        break
      default:
        this.ok = false
    }
  }

  private advance(count: number): void {
    this.position += count
    if (this.position > this.end) this.ok = false
  }
}
