import type { Int64, Uint64 } from '../proto/uint64.ts'

/** Ten bytes each. */
const MOST_VARINTS = 10

/** Writes a few integers as protobuf's varints, again and again into the same memory. */
export class VarintWriter {
  private readonly bytes = new Uint8Array(10 * MOST_VARINTS)
  private at = 0

  /** Starts over. */
  reset(): void {
    this.at = 0
  }

  /** What was written: a view, good until the next `reset`. */
  written(): Uint8Array {
    return this.bytes.subarray(0, this.at)
  }

  /** At most ten, of up to 64 bits; a negative one as its two's complement. */
  write(value: Uint64 | Int64): void {
    const { bytes } = this
    if (typeof value === 'bigint' || value < 0) {
      this.writeBig(BigInt.asUintN(64, BigInt(value)))
      return
    }
    let rest = value
    while (rest >= 0x8000_0000) {
      bytes[this.at++] = (rest % 0x80) | 0x80
      rest = Math.floor(rest / 0x80)
    }
    while (rest >= 0x80) {
      bytes[this.at++] = (rest & 0x7f) | 0x80
      rest >>>= 7
    }
    bytes[this.at++] = rest
  }

  private writeBig(value: bigint): void {
    let rest = value
    while (rest >= 0x80n) {
      this.bytes[this.at++] = Number(rest & 0x7fn) | 0x80
      rest >>= 7n
    }
    this.bytes[this.at++] = Number(rest)
  }
}
