import { crc32c } from '../../checksum/kernel/crc32c'

/** See page.ts. */
const HEADER: u32 = 16
const ELEMENT: u32 = 16

/** CRC-32C of the keys and values of the elements [from, to) of a leaf page, continuing from `seed`. */
export function rowsCrc32c(page: usize, from: u32, to: u32, seed: u32): u32 {
  let crc = seed
  for (let at = from; at < to; at++) {
    const element = page + HEADER + at * ELEMENT
    const key = element + load<u32>(element, 4)
    crc = crc32c(key, key + load<u32>(element, 8) + load<u32>(element, 12), crc)
  }
  return crc
}

/** Bytes of the keys and values of the elements [from, to) of a leaf page. */
export function rowsBytes(page: usize, from: u32, to: u32): f64 {
  let bytes: f64 = 0
  for (let at = from; at < to; at++) {
    const element = page + HEADER + at * ELEMENT
    bytes += <f64>load<u32>(element, 8) + <f64>load<u32>(element, 12)
  }
  return bytes
}
