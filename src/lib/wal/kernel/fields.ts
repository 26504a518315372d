/**
 * What the readers leave behind, as 32-bit words that the host reads through one Int32Array. Ranges
 * are addresses in this memory. The order is that of FIELD in ../kernel.ts.
 */
export const FIELDS: usize = memory.data(22 * 4, 8)

// @ts-expect-error: decorator
@inline
export function set32(field: i32, value: u32): void {
  store<u32>(FIELDS + (<usize>field << 2), value)
}

/** Low word at `field`, high word behind it. */
// @ts-expect-error: decorator
@inline
export function set64(field: i32, value: u64): void {
  set32(field, <u32>value)
  set32(field + 1, <u32>(value >>> 32))
}

// @ts-expect-error: decorator
@inline
export function get32(field: i32): u32 {
  return load<u32>(FIELDS + (<usize>field << 2))
}

// @ts-expect-error: decorator
@inline
export function get64(field: i32): u64 {
  return <u64>get32(field) | (<u64>get32(field + 1) << 32)
}
