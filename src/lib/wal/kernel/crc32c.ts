/** Castagnoli's polynomial, reflected. */
const POLYNOMIAL: u32 = 0x82f63b78

/** 16 tables of 256: table k holds the CRC of a byte followed by k zero bytes. */
const TABLES: usize = memory.data(16 * 256 * 4, 16)

for (let byte: u32 = 0; byte < 256; byte++) {
  let crc = byte
  for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? POLYNOMIAL : 0)
  store<u32>(TABLES + (byte << 2), crc)
}
for (let byte: u32 = 0; byte < 256; byte++) {
  let crc = load<u32>(TABLES + (byte << 2))
  for (let k: u32 = 1; k < 16; k++) {
    crc = load<u32>(TABLES + ((crc & 0xff) << 2)) ^ (crc >>> 8)
    store<u32>(TABLES + (k << 10) + (byte << 2), crc)
  }
}

// @ts-expect-error: decorator
@inline
function table(k: u32, byte: u32): u32 {
  return load<u32>(TABLES + (k << 10) + ((byte & 0xff) << 2))
}

/**
 * CRC-32C of the bytes [start, end), continuing from `seed`, a finished CRC; 16 bytes at a time.
 */
export function crc32c(start: usize, end: usize, seed: u32): u32 {
  let crc = ~seed
  let at = start
  while (at + 16 <= end) {
    const a = load<u32>(at) ^ crc
    const b = load<u32>(at, 4)
    const c = load<u32>(at, 8)
    const d = load<u32>(at, 12)
    crc =
      table(15, a) ^ table(14, a >>> 8) ^ table(13, a >>> 16) ^ table(12, a >>> 24) ^
      table(11, b) ^ table(10, b >>> 8) ^ table(9, b >>> 16) ^ table(8, b >>> 24) ^
      table(7, c) ^ table(6, c >>> 8) ^ table(5, c >>> 16) ^ table(4, c >>> 24) ^
      table(3, d) ^ table(2, d >>> 8) ^ table(1, d >>> 16) ^ table(0, d >>> 24)
    at += 16
  }
  if (at + 8 <= end) {
    const a = load<u32>(at) ^ crc
    const b = load<u32>(at, 4)
    crc =
      table(7, a) ^ table(6, a >>> 8) ^ table(5, a >>> 16) ^ table(4, a >>> 24) ^
      table(3, b) ^ table(2, b >>> 8) ^ table(1, b >>> 16) ^ table(0, b >>> 24)
    at += 8
  }
  if (at + 4 <= end) {
    const a = load<u32>(at) ^ crc
    crc = table(3, a) ^ table(2, a >>> 8) ^ table(1, a >>> 16) ^ table(0, a >>> 24)
    at += 4
  }
  while (at < end) {
    crc = table(0, crc ^ load<u8>(at)) ^ (crc >>> 8)
    at++
  }
  return ~crc
}
