/**
 * A 64-bit unsigned integer: a number up to 2^53 - 1, a bigint above.
 *
 * Every value has exactly one form, so `===`, `<` and `>` give the right answer without a
 * conversion, and the small values nearly every file holds never pay for a bigint.
 */
export type Uint64 = number | bigint

/** A 64-bit signed integer in the same two forms: a bigint only outside ±(2^53 - 1). */
export type Int64 = number | bigint

/** The two halves of a 64-bit integer, as protobufjs (`Long`) and bbolt pages hand them out. */
export interface Halves {
  readonly low: number
  readonly high: number
}

const TWO_32 = 0x1_0000_0000

/** The unsigned value of two 32-bit halves; the sign of either half is ignored. */
export function uint64FromHalves(high: number, low: number): Uint64 {
  const upper = high >>> 0
  return upper < 0x20_0000
    ? upper * TWO_32 + (low >>> 0)
    : (BigInt(upper) << 32n) | BigInt(low >>> 0)
}

/** The two's complement value of two 32-bit halves. */
export function int64FromHalves(high: number, low: number): Int64 {
  const upper = high | 0
  // -2^53 itself would be exact as a number, but is not a safe integer.
  return upper < 0x20_0000 && (upper > -0x20_0000 || (upper === -0x20_0000 && low !== 0))
    ? upper * TWO_32 + (low >>> 0)
    : (BigInt(upper) << 32n) | BigInt(low >>> 0)
}

/** The unsigned value of a protobufjs field, which is a `Long` or, when small, a number. */
export function uint64FromLong(value: Halves | number): Uint64 {
  return typeof value === 'number' ? value : uint64FromHalves(value.high, value.low)
}

/** The signed value of a protobufjs field, which is a `Long` or, when small, a number. */
export function int64FromLong(value: Halves | number): Int64 {
  return typeof value === 'number' ? value : int64FromHalves(value.high, value.low)
}

/** The canonical form of an integer of any size, signed or not. */
export function canonical(value: number | bigint): Uint64 {
  if (typeof value === 'number') return value
  const small = Number(value)
  return Number.isSafeInteger(small) ? small : value
}

/**
 * 16 lower-case hex digits, the form in which etcd names members, clusters, leases and requests.
 * A negative value (lease ids are signed on disk) shows its two's complement bits.
 */
export function hex16(value: Uint64 | Int64): string {
  if (typeof value === 'bigint' || value < 0) {
    return BigInt.asUintN(64, BigInt(value)).toString(16).padStart(16, '0')
  }
  return value.toString(16).padStart(16, '0')
}

/**
 * The value of up to 16 hex digits in either case, padded or not; undefined for any other text.
 * The `members` bucket and the v2store write ids unpadded (`strconv.FormatUint(id, 16)`).
 */
export function uint64FromHex(text: string): Uint64 | undefined {
  return /^[0-9a-f]{1,16}$/i.test(text) ? canonical(BigInt(`0x${text}`)) : undefined
}

/** `value + 1`. 2^64 - 1 gives 2^64: the caller compares indexes, and Go's wrap to 0 would lie. */
export function plusOne(value: Uint64): Uint64 {
  return typeof value === 'number' && value < Number.MAX_SAFE_INTEGER
    ? value + 1
    : canonical(BigInt(value) + 1n)
}

/** `a - b`, negative when b is larger. */
export function difference(a: Uint64, b: Uint64): Int64 {
  if (typeof a === 'number' && typeof b === 'number') {
    const result = a - b
    if (Number.isSafeInteger(result)) return result
  }
  return canonical(BigInt(a) - BigInt(b))
}

/** The larger of the two; `Math.max` knows no bigint. */
export function larger(a: Uint64, b: Uint64): Uint64 {
  if (a > b) return a
  return b
}

/** The smaller of the two. */
export function smaller(a: Uint64, b: Uint64): Uint64 {
  if (a < b) return a
  return b
}
