/** Reads protobuf in place; one for each level of nesting, made once and used again. */
export class Cursor {
  position: usize = 0
  end: usize = 0
  /** Turns false at the first byte that is not as it should be, and stays so. */
  ok: bool = true
  /** The field number and wire type that `next` read. */
  field: u32 = 0
  wire: u32 = 0
  /** The range that `range` read. */
  from: usize = 0
  to: usize = 0

  begin(start: usize, end: usize): void {
    this.position = start
    this.end = end
    this.ok = true
  }

  /** Reads the next tag; false at the end or when the tag is broken. */
  next(): bool {
    if (this.position >= this.end || !this.ok) return false
    const tag = this.varint()
    this.field = <u32>tag >>> 3
    this.wire = <u32>tag & 7
    if (this.field === 0) this.ok = false
    return this.ok
  }

  /** A varint of up to 64 bits; bits above are dropped, as Go's generated code does. */
  varint(): u64 {
    let at = this.position
    const end = this.end
    let result: u64 = 0
    for (let shift: u64 = 0; shift < 70 && at < end; shift += 7) {
      const byte = load<u8>(at++)
      // A shift of 63 leaves one bit of the tenth byte.
      result |= <u64>(byte & 0x7f) << shift
      if (byte < 0x80) {
        this.position = at
        return result
      }
    }
    this.ok = false
    return 0
  }

  /** A length and the bytes it counts, never beyond the end of the message. */
  range(): void {
    const length = this.varint()
    this.from = this.position
    if (length > <u64>(this.end - this.position)) {
      this.ok = false
      this.to = this.position
      return
    }
    this.position += <usize>length
    this.to = this.position
  }

  /** Passes over a value that the caller does not want. Groups (3, 4) are errors, as with gogo. */
  skip(): void {
    if (this.wire === 0) this.varint()
    else if (this.wire === 1) this.advance(8)
    else if (this.wire === 2) this.range()
    else if (this.wire === 5) this.advance(4)
    else this.ok = false
  }

  private advance(count: usize): void {
    this.position += count
    if (this.position > this.end) this.ok = false
  }
}
