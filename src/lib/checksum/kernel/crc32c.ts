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

/** What four bytes come to with `behind` bytes after them; in pairs, so that look-ups overlap. */
// @ts-expect-error: decorator
@inline
function word(bytes: u32, behind: u32): u32 {
  return (
    (table(behind + 3, bytes) ^ table(behind + 2, bytes >>> 8)) ^
    (table(behind + 1, bytes >>> 16) ^ table(behind, bytes >>> 24))
  )
}

/**
 * CRC-32C of the bytes [start, end), continuing from `seed`, a finished CRC; 16 bytes at a time.
 * The word that waits for the CRC so far comes last: the others need not wait with it.
 */
export function crc32c(start: usize, end: usize, seed: u32): u32 {
  let crc = ~seed
  let at = start
  while (at + 16 <= end) {
    const last = word(load<u32>(at, 8), 4) ^ word(load<u32>(at, 12), 0)
    crc = (word(load<u32>(at, 4), 8) ^ last) ^ word(load<u32>(at) ^ crc, 12)
    at += 16
  }
  if (at + 8 <= end) {
    crc = word(load<u32>(at, 4), 0) ^ word(load<u32>(at) ^ crc, 4)
    at += 8
  }
  if (at + 4 <= end) {
    crc = word(load<u32>(at) ^ crc, 0)
    at += 4
  }
  while (at < end) {
    crc = table(0, crc ^ load<u8>(at)) ^ (crc >>> 8)
    at++
  }
  return ~crc
}
