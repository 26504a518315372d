/**
 * What the readers leave behind, as 32-bit words that the host reads through one Int32Array; ranges
 * are addresses in this memory. The order is that of PAGE_FIELD in ../kernel.ts.
 */
export const FIELDS: usize = memory.data(16 * 4, 8)

// @ts-expect-error: decorator
@inline
export function set32(field: i32, value: u32): void {
  store<u32>(FIELDS + (<usize>field << 2), value)
}
