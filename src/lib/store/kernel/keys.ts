import { compare } from '../../bolt/kernel/compare'

/**
 * Every different key, once, with the newest row seen of it. A slot is 16 bytes: hash u32, 1 + the
 * leaf's number u32, element u16, flags u16, and where the key's bytes are u32.
 *
 * Slots are in the order of their hashes: a key's place follows from its hash, and it is found there
 * or a little behind. So the table can grow where it is, by little, and takes at most 24 bytes for a
 * key. A key is the same only when its bytes are: they are in the arena or, when that is
 * full, in the row itself.
 */
const SLOT: usize = 16
const LEAF: usize = 4
const ELEMENT: usize = 8
const FLAGS: usize = 10
const BYTES: usize = 12

const TOMBSTONE: u16 = 1

/** Slots behind the last place, for keys that are pushed on. */
const SLACK: u32 = 1024
const FIRST_CAPACITY: u32 = 65536

/** Longer keys are not copied. */
const LONGEST_COPY: u32 = 4096

const WASM_PAGE: usize = 65536

/** What `put` finds. */
export const NEW: i32 = 0
export const WAS_LIVE: i32 = 1
export const WAS_TOMBSTONE: i32 = 2

let table: usize = 0
let capacity: u32 = 0
let count: u32 = 0
let arenaAt: usize = 0
let arenaEnd: usize = 0
let superseded: usize = 0
let seed: u64 = 0

/** Compares a key with that of a row in the file; in ../key-table.ts. */
// @ts-expect-error: decorator
@external("env", "isKeyOfRow")
declare function isKeyOfRow(leaf: u32, element: u32, key: usize, length: u32): bool

/**
 * Starts over with an empty table, which begins at `at` and grows to the end of memory.
 *
 * @param marks one bit for each leaf: whether a row on it was superseded by a newer one
 * @param random so that nobody can choose keys with equal hashes
 */
export function begin(at: usize, arena: usize, arenaBytes: u32, marks: usize, random: u32): void {
  table = at
  capacity = FIRST_CAPACITY
  count = 0
  // Position 0 means that there is no copy.
  arenaAt = arena + 4
  arenaEnd = arena + arenaBytes
  superseded = marks
  seed = 0x9e37_79b9_7f4a_7c15 ^ ((<u64>random << 32) | random)
  const bytes = <usize>(capacity + SLACK) * SLOT
  ensure(table + bytes)
  memory.fill(table, 0, bytes)
}

function ensure(end: usize): void {
  const held = <usize>memory.size() * WASM_PAGE
  if (end > held) memory.grow(<i32>((end - held + WASM_PAGE - 1) / WASM_PAGE))
}

// @ts-expect-error: decorator
@inline
function mix(state: u64, word: u64): u64 {
  const mixed = (state ^ word) * 0xff51_afd7_ed55_8ccd
  return mixed ^ (mixed >>> 32)
}

export function hashOf(key: usize, length: u32): u32 {
  let state = seed ^ length
  let at: u32 = 0
  while (at + 8 <= length) {
    state = mix(state, load<u64>(key + at))
    at += 8
  }
  let last: u64 = 0
  if (at < length) last = load<u64>(key + at) & ((<u64>1 << (<u64>(length - at) << 3)) - 1)
  state = mix(mix(state, last), 0x2545_f491_4f6c_dd1d)
  return <u32>(state >>> 32) ^ <u32>state
}

// @ts-expect-error: decorator
@inline
function place(hash: u32): usize {
  return table + <usize>((<u64>hash * capacity) >>> 32) * SLOT
}

function isSame(slot: usize, key: usize, length: u32): bool {
  const copy = <usize>load<u32>(slot, BYTES)
  if (copy !== 0) return compare(copy + 4, load<u32>(copy), key, length) === 0
  return isKeyOfRow(load<u32>(slot, LEAF) - 1, load<u16>(slot, ELEMENT), key, length)
}

/**
 * Reads where a key with this hash is, or will be, so that `put` need not wait for memory.
 *
 * @returns something of no meaning, which keeps the read from being left out
 */
// @ts-expect-error: decorator
@inline
export function touch(hash: u32): u32 {
  return load<u32>(place(hash))
}

/** Remembers a row as the newest one of its key. */
export function put(
  hash: u32,
  key: usize,
  length: u32,
  leaf: u32,
  element: u32,
  tombstone: bool,
): i32 {
  let slot = place(hash)
  while (load<u32>(slot, LEAF) !== 0) {
    const other = load<u32>(slot)
    if (other > hash) break
    if (other === hash && isSame(slot, key, length)) return replace(slot, leaf, element, tombstone)
    slot += SLOT
  }
  let free = slot
  const end = table + <usize>(capacity + SLACK) * SLOT
  // The last slot stays empty: it ends every search.
  while (load<u32>(free, LEAF) !== 0 && free + SLOT < end) free += SLOT
  if (free + SLOT >= end || <u64>count * 5 >= <u64>capacity * 4) {
    grow()
    return put(hash, key, length, leaf, element, tombstone)
  }
  // A few slots at most, for which a call of memory.copy takes longer.
  for (; free > slot; free -= SLOT) {
    store<u64>(free, load<u64>(free - SLOT))
    store<u64>(free, load<u64>(free - SLOT, 8), 8)
  }
  store<u32>(slot, hash)
  store<u32>(slot, copyOf(key, length), BYTES)
  write(slot, leaf, element, tombstone)
  count++
  return NEW
}

function replace(slot: usize, leaf: u32, element: u32, tombstone: bool): i32 {
  const was = load<u16>(slot, FLAGS) & TOMBSTONE ? WAS_TOMBSTONE : WAS_LIVE
  mark(load<u32>(slot, LEAF) - 1)
  write(slot, leaf, element, tombstone)
  return was
}

// @ts-expect-error: decorator
@inline
function write(slot: usize, leaf: u32, element: u32, tombstone: bool): void {
  store<u32>(slot, leaf + 1, LEAF)
  store<u16>(slot, <u16>element, ELEMENT)
  store<u16>(slot, tombstone ? TOMBSTONE : 0, FLAGS)
}

/** Notes that not every row of a leaf is still the newest one of its key. */
export function mark(leaf: u32): void {
  const at = superseded + (leaf >>> 3)
  store<u8>(at, load<u8>(at) | (<u8>1 << <u8>(leaf & 7)))
}

function copyOf(key: usize, length: u32): u32 {
  const end = arenaAt + 4 + ((length + 3) & ~3)
  if (length > LONGEST_COPY || end + 8 > arenaEnd) return 0
  const at = arenaAt
  store<u32>(at, length)
  // Eight bytes at a time, up to seven of which belong to nobody.
  for (let offset: u32 = 0; offset < length; offset += 8) {
    store<u64>(at + 4 + offset, load<u64>(key + offset))
  }
  arenaAt = end
  return <u32>at
}

/** Whether a row is the newest one of its key, and no tombstone. */
export function isCurrent(key: usize, length: u32, leaf: u32, element: u32): bool {
  const hash = hashOf(key, length)
  for (let slot = place(hash); load<u32>(slot, LEAF) !== 0; slot += SLOT) {
    const other = load<u32>(slot)
    if (other > hash) return false
    if (other !== hash) continue
    const isRow = load<u32>(slot, LEAF) === leaf + 1 && <u32>load<u16>(slot, ELEMENT) === element
    if (isRow) return (load<u16>(slot, FLAGS) & TOMBSTONE) === 0
  }
  return false
}

/**
 * Makes room for three sixteenths more. All slots move to the end of the larger table, and from there, in
 * order, each to its place, which never lies behind where it is read.
 */
function grow(): void {
  const larger = capacity + (capacity >>> 4) * 3
  const oldBytes = <usize>(capacity + SLACK) * SLOT
  const end = table + <usize>(larger + SLACK) * SLOT
  ensure(end)
  const moved = end - oldBytes
  memory.copy(moved, table, oldBytes)
  memory.fill(table, 0, moved - table)
  capacity = larger
  let behind = table
  for (let from = moved; from < end; from += SLOT) {
    const leaf = load<u32>(from, LEAF)
    if (leaf === 0) continue
    const hash = load<u32>(from)
    const rest = load<u64>(from, ELEMENT)
    const to = max(place(hash), behind)
    memory.fill(behind, 0, to - behind)
    store<u32>(to, hash)
    store<u32>(to, leaf, LEAF)
    store<u64>(to, rest, ELEMENT)
    behind = to + SLOT
  }
  memory.fill(behind, 0, end - behind)
}

/** What the table takes, in bytes. */
export function tableBytes(): u32 {
  return (capacity + SLACK) * <u32>SLOT
}
