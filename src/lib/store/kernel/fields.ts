/**
 * What the host sets before a scan, and what a scan counts, as 32-bit words in the order of
 * SCAN_FIELD in ../kernel.ts; a revision is two words, the low one first.
 */
export const FIELDS: usize = memory.data(32 * 4, 8)

/** Rows above this main revision are passed over. */
export const LIMIT: usize = FIELDS
/** Main revision up to which everything was compacted; 0 for none. */
export const COMPACTED: usize = FIELDS + 8
/** Main revision of the last row that was counted. */
export const LAST: usize = FIELDS + 16
export const RECORDS: usize = FIELDS + 24
export const TOMBSTONES: usize = FIELDS + 28
/** Keys whose newest row is not a tombstone. */
export const LIVE: usize = FIELDS + 32
/** Different keys. */
export const KEYS: usize = FIELDS + 36
/** Why a scan stopped at a row. */
export const FAULT: usize = FIELDS + 40
/** 1 + the number of the last leaf that has a row which HashKV may leave out. */
export const PARTIAL: usize = FIELDS + 44

// @ts-expect-error: decorator
@inline
export function add(field: usize, amount: i32): void {
  store<u32>(field, load<u32>(field) + amount)
}
