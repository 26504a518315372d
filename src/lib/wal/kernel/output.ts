/** Where text is gathered until the host takes it. A line that does not fit is left to the host. */
export const OUTPUT: usize = memory.data(128 * 1024, 16)
const LIMIT: usize = OUTPUT + 128 * 1024

/** Room for the longest text between two checks of the limit. */
const MARGIN: usize = 256

/** Where the next byte goes. */
let at: usize = OUTPUT

/** All literals, each behind its length as u32; 8 bytes more than they take may be read. */
const LITERALS: usize = memory.data(1024, 8)
let literalsEnd: usize = LITERALS

/** Keeps text of ASCII characters for `literal`. */
export function ascii(text: string): usize {
  const kept = literalsEnd
  store<u32>(kept, text.length)
  for (let i = 0; i < text.length; i++) store<u8>(kept + 4 + i, <u8>text.charCodeAt(i))
  literalsEnd = kept + 4 + text.length
  return kept
}

/** Where the next byte goes: for `rewind`. */
export function mark(): usize {
  return at
}

/** Takes back everything behind a mark. */
export function rewind(mark: usize): void {
  at = mark
}

/** How many bytes were gathered; the host takes them, and gathering starts over. */
export function take(): u32 {
  const length = at - OUTPUT
  at = OUTPUT
  return <u32>length
}

/** How many bytes were gathered. */
export function gathered(): u32 {
  return <u32>(at - OUTPUT)
}

/** False when the room is used up. */
export function hasRoom(): bool {
  return at + MARGIN < LIMIT
}

export function literal(kept: usize): void {
  const length: usize = load<u32>(kept)
  for (let i: usize = 0; i < length; i += 8) store<u64>(at + i, load<u64>(kept + 4 + i))
  at += length
}

/**
 * Copies [start, end) when all its bytes stand for themselves in a JSON string and it fits; false,
 * with nothing of meaning written, otherwise.
 */
export function plain(start: usize, end: usize): bool {
  if (at + (end - start) + MARGIN > LIMIT) return false
  let to = at
  for (let from = start; from < end; from++) {
    const byte = load<u8>(from)
    if (byte < 0x20 || byte > 0x7e || byte === 0x22 || byte === 0x5c) return false
    store<u8>(to++, byte)
  }
  at = to
  return true
}

export function decimal(value: u64): void {
  let digits: usize = 1
  for (let rest = value; rest >= 10; rest /= 10) digits++
  let rest = value
  for (let to = at + digits - 1; to >= at; to--) {
    store<u8>(to, 0x30 + <u8>(rest % 10))
    rest /= 10
  }
  at += digits
}

/** 16 lower-case hex digits. */
export function hex16(value: u64): void {
  for (let i: usize = 0; i < 16; i++) {
    const digit = <u8>(value >>> (60 - 4 * <u64>i)) & 15
    store<u8>(at + i, digit + (digit < 10 ? 0x30 : 0x57))
  }
  at += 16
}
