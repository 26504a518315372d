/** Castagnoli's polynomial, reflected. */
const POLYNOMIAL: u32 = 0x82f63b78

/** The polynomial 1, and x: the highest bit is the lowest power. */
const ONE: u32 = 0x8000_0000
const X: u32 = 0x4000_0000

/** By k: x to the power of 8 * 2^k, which is what 2^k zero bytes multiply a CRC by. */
const POWERS: usize = memory.data(64 * 4, 8)

/** By length: what so many zero bytes multiply a CRC by; 0 where it was not asked for yet. */
const SHORT: u32 = 8192
const FACTORS: usize = heap.alloc(8192 * 4)

let power = multiply(multiply(multiply(X, X), multiply(X, X)), multiply(multiply(X, X), multiply(X, X)))
for (let k = 0; k < 64; k++) {
  store<u32>(POWERS + (k << 2), power)
  power = multiply(power, power)
}

/** The product of two polynomials over GF(2), modulo the CRC's own. */
function multiply(a: u32, b: u32): u32 {
  let product: u32 = 0
  for (let bit = ONE; bit !== 0 && a !== 0; bit >>>= 1) {
    if (a & bit) {
      product ^= b
      a ^= bit
    }
    b = (b >>> 1) ^ (b & 1 ? POLYNOMIAL : 0)
  }
  return product
}

function factor(length: u64): u32 {
  let result = ONE
  for (let k = 0; length !== 0; k++, length >>>= 1) {
    if (length & 1) result = multiply(load<u32>(POWERS + (k << 2)), result)
  }
  return result
}

/**
 * CRC-32C of one range followed by another, from the CRC of each.
 *
 * @param length bytes of the second range
 */
export function combine(first: u32, second: u32, length: f64): u32 {
  const bytes = <u64>length
  if (bytes >= SHORT) return multiply(factor(bytes), first) ^ second
  const at = FACTORS + (<usize>bytes << 2)
  let shift = load<u32>(at)
  if (shift === 0) {
    shift = factor(bytes)
    store<u32>(at, shift)
  }
  return multiply(shift, first) ^ second
}
