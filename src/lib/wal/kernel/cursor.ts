/** Where reading stands, and where the message ends. */
let position: usize = 0
let end: usize = 0

/** Turns false at the first byte that is not as it should be, and stays so. */
let ok: bool = true

/** The field number and wire type that `next` read. */
export let field: u32 = 0
export let wire: u32 = 0

/** The range that `range` read. */
export let from: usize = 0
export let to: usize = 0

export function begin(start: usize, limit: usize): void {
  position = start
  end = limit
  ok = true
}

/** Where the next read begins. */
export function at(): usize {
  return position
}

export function isOk(): bool {
  return ok
}

/** Reads the next tag; false at the end or when the tag is broken. */
export function next(): bool {
  if (position >= end || !ok) return false
  const tag = varint()
  field = <u32>tag >>> 3
  wire = <u32>tag & 7
  if (field === 0) ok = false
  return ok
}

/** A varint of up to 64 bits; bits above are dropped, as Go's generated code does. */
export function varint(): u64 {
  let at = position
  const limit = end
  let result: u64 = 0
  for (let shift: u64 = 0; shift < 70 && at < limit; shift += 7) {
    const byte = load<u8>(at++)
    // A shift of 63 leaves one bit of the tenth byte.
    result |= (<u64>(byte & 0x7f)) << shift
    if (byte < 0x80) {
      position = at
      return result
    }
  }
  ok = false
  return 0
}

/** A length and the bytes it counts, never beyond the end of the message. */
export function range(): void {
  const length = varint()
  from = position
  if (length > <u64>(end - position)) {
    ok = false
    to = position
    return
  }
  position += <usize>length
  to = position
}

/** Passes over a value that the caller does not want. Groups (3, 4) are errors, as with gogo. */
export function skip(): void {
  if (wire === 0) varint()
  else if (wire === 1) advance(8)
  else if (wire === 2) range()
  else if (wire === 5) advance(4)
  else ok = false
}

function advance(count: usize): void {
  position += count
  if (position > end) ok = false
}
