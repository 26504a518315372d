import { compare } from '../../bolt/kernel/compare'
import { add, KEYS, LIVE } from './fields'
import { sortByHash } from './sort'

/**
 * Every different key, once, with the newest row seen of it. An entry is 16 bytes: hash u32, the
 * leaf's number u32, element u16, flags u16, and where a copy of the key is u32.
 *
 * The table is in the order of the hashes. Rows wait until there are many, are then sorted, and
 * merged into it: memory is gone over in order, and nothing is looked up one by one. A key is the
 * same only when its bytes are: those of a copy or, where there is none, those in the file.
 */
const ENTRY: u32 = 16
const LEAF: usize = 4
const ELEMENT: usize = 8
const FLAGS: usize = 10
const COPY: usize = 12

const TOMBSTONE: u16 = 1

/** Longer keys are not copied. */
const LONGEST_COPY: u32 = 4096

/** Before a copy: its length u32, and where it is to be moved u32. */
const COPY_HEADER: usize = 8
const MOVED_TO: usize = 4

const WASM_PAGE: usize = 65536

/**
 * Memory grows by as much as the table takes, up to this: what is not touched costs nothing, but each
 * growth a collection of garbage.
 */
const LARGEST_STEP: usize = 64 << 20

/** The table, and how many keys are in it. */
let table: usize = 0
let count: u32 = 0

/** Rows that wait, and as much room for sorting them. */
let rows: usize = 0
let waiting: u32 = 0
let mostWaiting: u32 = 0

/** Copies that stay end at `top`; behind them are those of the rows that wait. */
let top: usize = 0
let next: usize = 0
let limit: usize = 0
let copiesEnd: usize = 0

let superseded: usize = 0
let seed: u64 = 0
let factor: u64 = 1

/** Compares the keys of two rows in the file; in ../same-key.ts. */
// @ts-expect-error: decorator
@external("env", "isSameKey")
declare function isSameKey(leaf: u32, element: u32, otherLeaf: u32, otherElement: u32): bool

/** What `begin` needs at `room`. */
export function roomBytes(mostRows: u32, waitingBytes: u32, copyBytes: u32): u32 {
  return 2 * mostRows * ENTRY + waitingBytes + copyBytes
}

/**
 * Starts over with an empty table, which begins at `at` and grows to the end of memory.
 *
 * @param room for rows that wait, and for copies
 * @param mostRows how many rows wait at most
 * @param waitingBytes for copies of their keys
 * @param copyBytes for copies that stay
 * @param marks one bit for each leaf: whether a row on it was superseded by a newer one
 * @param random so that nobody can choose keys with equal hashes
 */
export function begin(
  at: usize,
  room: usize,
  mostRows: u32,
  waitingBytes: u32,
  copyBytes: u32,
  marks: usize,
  random: u32,
): void {
  table = at
  count = 0
  rows = room
  waiting = 0
  mostWaiting = mostRows
  top = room + 2 * mostRows * ENTRY
  next = top
  limit = top + copyBytes
  copiesEnd = limit + waitingBytes
  superseded = marks
  seed = 0x9e37_79b9_7f4a_7c15 ^ ((<u64>random << 32) | random)
  factor = (seed * 0xc4ce_b9fe_1a85_ec53) | 1
}

/** Without the secret factor, bits could be chosen in one word that undo those chosen in another. */
// @ts-expect-error: decorator
@inline
function mix(state: u64, word: u64): u64 {
  const mixed = (state ^ word) * 0xff51_afd7_ed55_8ccd
  return (mixed ^ (mixed >>> 32)) * factor
}

function hashOf(key: usize, length: u32): u32 {
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

/** Notes that not every row of a leaf is still the newest one of its key. */
export function mark(leaf: u32): void {
  const at = superseded + (leaf >>> 3)
  store<u8>(at, load<u8>(at) | (<u8>1 << <u8>(leaf & 7)))
}

/** Takes a row, which comes later than all before it. */
export function put(key: usize, length: u32, leaf: u32, element: u32, tombstone: bool): void {
  const size = COPY_HEADER + ((length + 7) & ~7)
  if (waiting === mostWaiting || next + size > copiesEnd) settle()
  const row = rows + waiting * ENTRY
  store<u32>(row, hashOf(key, length))
  store<u32>(row, leaf, LEAF)
  store<u16>(row, <u16>element, ELEMENT)
  store<u16>(row, tombstone ? TOMBSTONE : 0, FLAGS)
  waiting++
  if (length > LONGEST_COPY) {
    store<u32>(row, 0, COPY)
    return
  }
  store<u32>(row, <u32>next, COPY)
  store<u64>(next, length)
  // Eight bytes at a time, up to seven of which belong to nobody.
  for (let at: u32 = 0; at < length; at += 8) {
    store<u64>(next + COPY_HEADER + at, load<u64>(key + at))
  }
  next += size
}

function isSame(a: usize, b: usize): bool {
  const one = <usize>load<u32>(a, COPY)
  const other = <usize>load<u32>(b, COPY)
  if (one !== 0 && other !== 0) {
    const length = load<u32>(one)
    const otherLength = load<u32>(other)
    if (length !== otherLength) return false
    return compare(one + COPY_HEADER, length, other + COPY_HEADER, length) === 0
  }
  return isSameKey(
    load<u32>(a, LEAF),
    load<u16>(a, ELEMENT),
    load<u32>(b, LEAF),
    load<u16>(b, ELEMENT),
  )
}

/** Takes the rows that wait into the table. */
export function settle(): void {
  const sorted = sortByHash(rows, rows + mostWaiting * ENTRY, waiting)
  const kept = leaveNew(sorted)
  settleCopies(sorted, kept)
  merge(sorted, kept)
  waiting = 0
  next = top
}

/**
 * Writes those rows into the table whose key it has, and each other one over an earlier one of the
 * same key; gives how many are left, which stand at the beginning of `sorted`.
 */
function leaveNew(sorted: usize): u32 {
  const end = sorted + waiting * ENTRY
  const tableEnd = table + count * ENTRY
  let left = sorted
  let known = table
  for (let row = sorted; row < end; row += ENTRY) {
    const hash = load<u32>(row)
    while (known < tableEnd && load<u32>(known) < hash) known += ENTRY
    let before: usize = 0
    for (let each = known; each < tableEnd && load<u32>(each) === hash; each += ENTRY) {
      if (isSame(each, row)) {
        before = each
        break
      }
    }
    for (let each = left; before === 0 && each > sorted; each -= ENTRY) {
      if (load<u32>(each - ENTRY) !== hash) break
      if (isSame(each - ENTRY, row)) before = each - ENTRY
    }
    if (before !== 0) supersede(before, row)
    else {
      add(KEYS, 1)
      add(LIVE, load<u16>(row, FLAGS) & TOMBSTONE ? 0 : 1)
      if (left !== row) copyEntry(left, row)
      left += ENTRY
    }
  }
  return <u32>((left - sorted) / ENTRY)
}

function supersede(entry: usize, row: usize): void {
  const flags = load<u16>(row, FLAGS)
  add(LIVE, <i32>(load<u16>(entry, FLAGS) & TOMBSTONE) - <i32>(flags & TOMBSTONE))
  mark(load<u32>(entry, LEAF))
  store<u32>(entry, load<u32>(row, LEAF), LEAF)
  store<u16>(entry, load<u16>(row, ELEMENT), ELEMENT)
  store<u16>(entry, flags, FLAGS)
}

/** Keeps the copies of keys that are new, as long as there is room, and moves them together. */
function settleCopies(sorted: usize, kept: u32): void {
  if (kept === waiting && next <= limit) {
    top = next
    return
  }
  const end = sorted + kept * ENTRY
  for (let row = sorted; row < end; row += ENTRY) {
    const copy = <usize>load<u32>(row, COPY)
    if (copy !== 0) store<u32>(copy, 1, MOVED_TO)
  }
  let to = top
  for (let copy = top; copy < next; copy += sizeOf(copy)) {
    const size = sizeOf(copy)
    if (load<u32>(copy, MOVED_TO) === 0) continue
    const stays = to + size <= limit
    store<u32>(copy, stays ? <u32>to : 0, MOVED_TO)
    if (stays) to += size
  }
  for (let row = sorted; row < end; row += ENTRY) {
    const copy = <usize>load<u32>(row, COPY)
    if (copy !== 0) store<u32>(row, load<u32>(copy, MOVED_TO), COPY)
  }
  for (let copy = top; copy < next; ) {
    const size = sizeOf(copy)
    const place = <usize>load<u32>(copy, MOVED_TO)
    if (place !== 0) memory.copy(place, copy, size)
    copy += size
  }
  top = to
}

// @ts-expect-error: decorator
@inline
function sizeOf(copy: usize): usize {
  return COPY_HEADER + ((<usize>load<u32>(copy) + 7) & ~7)
}

/** From the end, so that the table needs room only where it grows. */
function merge(sorted: usize, kept: u32): void {
  const end = table + (count + kept) * ENTRY
  const held = <usize>memory.size() * WASM_PAGE
  if (end > held) {
    const step = max(end - held, min(end - table, LARGEST_STEP))
    memory.grow(<i32>((step + WASM_PAGE - 1) / WASM_PAGE))
  }
  let entry = table + count * ENTRY
  let row = sorted + kept * ENTRY
  let to = end
  while (row > sorted) {
    to -= ENTRY
    if (entry > table && load<u32>(entry - ENTRY) > load<u32>(row - ENTRY)) {
      entry -= ENTRY
      copyEntry(to, entry)
    } else {
      row -= ENTRY
      copyEntry(to, row)
    }
  }
  count += kept
}

// @ts-expect-error: decorator
@inline
function copyEntry(to: usize, from: usize): void {
  store<u64>(to, load<u64>(from))
  store<u64>(to, load<u64>(from, 8), 8)
}

/** Whether a row is the newest one of its key, and no tombstone. */
export function isCurrent(key: usize, length: u32, leaf: u32, element: u32): bool {
  const hash = hashOf(key, length)
  let low: u32 = 0
  let high = count
  while (low < high) {
    const middle = (low + high) >>> 1
    if (load<u32>(table + middle * ENTRY) < hash) low = middle + 1
    else high = middle
  }
  const end = table + count * ENTRY
  for (let entry = table + low * ENTRY; entry < end && load<u32>(entry) === hash; entry += ENTRY) {
    if (load<u32>(entry, LEAF) !== leaf || <u32>load<u16>(entry, ELEMENT) !== element) continue
    return (load<u16>(entry, FLAGS) & TOMBSTONE) === 0
  }
  return false
}
