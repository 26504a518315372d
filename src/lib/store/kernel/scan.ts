import { crc32c } from '../../checksum/kernel/crc32c'
import {
  add,
  COMPACTED,
  FAULT,
  KEYS,
  LAST,
  LIMIT,
  LIVE,
  PARTIAL,
  RECORDS,
  TOMBSTONES,
} from './fields'
import { decode, keyEnd, keyStart } from './key-value'
import { hashOf, isCurrent, mark, NEW, put, touch, WAS_LIVE } from './keys'

/** See bolt/kernel/page.ts. */
const HEADER: u32 = 16
const ELEMENT: u32 = 16

/** main u64, '_', sub u64, big endian; a deletion has a 't' behind it. mvcc/revision.go @ v3.5.33. */
const REVISION_BYTES: u32 = 17
const TOMBSTONE_BYTES: u32 = 18
const SEPARATOR: u8 = 0x5f
const TOMBSTONE_MARK: u8 = 0x74

/** Why a scan stops at a row. The order is that of ROW_FAULT in ../kernel.ts. */
const NO_REVISION: u32 = 1
const UNDECODABLE: u32 = 2

// @ts-expect-error: decorator
@inline
function isRevision(key: usize, length: u32): bool {
  if (length === REVISION_BYTES) return load<u8>(key, 8) === SEPARATOR
  if (length !== TOMBSTONE_BYTES || load<u8>(key, 17) !== TOMBSTONE_MARK) return false
  return load<u8>(key, 8) === SEPARATOR
}

/** Rows are decoded so many at a time, before any is looked up: memory then answers for all at once. */
const BATCH: u32 = 64

/** By row of a batch: where its key begins and ends, the hash of that, and its element's number. */
const KEY_START: usize = 0
const KEY_END: usize = 4
const HASH: usize = 8
const NUMBER: usize = 12
const TOMBSTONE: usize = 14
const WAITING: usize = memory.data(64 * 16, 16)

/** What `touch` has read; nobody asks for it. */
export let touched: u32 = 0

/**
 * Counts the rows [from, to) of a leaf of the key bucket, and remembers the newest of each key.
 *
 * @param leaf its number, in the order of the tree
 * @returns the first row that is none, or `to`
 */
export function scan(page: usize, from: u32, to: u32, leaf: u32): u32 {
  const limit = load<u64>(LIMIT)
  const compacted = load<u64>(COMPACTED)
  let waiting: u32 = 0
  for (let at = from; at < to; at++) {
    const element = page + HEADER + at * ELEMENT
    if (load<u32>(element) !== 0) continue
    const key = element + load<u32>(element, 4)
    const length = load<u32>(element, 8)
    if (!isRevision(key, length)) return stop(NO_REVISION, at, waiting, leaf)
    const main = bswap(load<u64>(key))
    const tombstone = length === TOMBSTONE_BYTES
    if (main > limit || main <= compacted) {
      store<u32>(PARTIAL, 1)
      if (tombstone || main > limit) mark(leaf)
      if (main > limit) continue
    }
    const value = key + length
    if (!decode(value, value + load<u32>(element, 12))) return stop(UNDECODABLE, at, waiting, leaf)
    store<u64>(LAST, main)
    const hash = hashOf(keyStart, <u32>(keyEnd - keyStart))
    touched ^= touch(hash)
    const row = WAITING + (waiting << 4)
    store<u32>(row, <u32>keyStart, KEY_START)
    store<u32>(row, <u32>keyEnd, KEY_END)
    store<u32>(row, hash, HASH)
    store<u16>(row, <u16>at, NUMBER)
    store<u16>(row, <u16>tombstone, TOMBSTONE)
    waiting++
    if (waiting === BATCH) {
      putAll(waiting, leaf)
      waiting = 0
    }
  }
  putAll(waiting, leaf)
  return to
}

function putAll(waiting: u32, leaf: u32): void {
  let live: i32 = 0
  let keys: i32 = 0
  let tombstones: i32 = 0
  for (let index: u32 = 0; index < waiting; index++) {
    const row = WAITING + (index << 4)
    const key = <usize>load<u32>(row, KEY_START)
    const length = load<u32>(row, KEY_END) - <u32>key
    const tombstone = load<u16>(row, TOMBSTONE) !== 0
    const was = put(load<u32>(row, HASH), key, length, leaf, load<u16>(row, NUMBER), tombstone)
    keys += was === NEW ? 1 : 0
    tombstones += tombstone ? 1 : 0
    live += (tombstone ? 0 : 1) - (was === WAS_LIVE ? 1 : 0)
  }
  add(RECORDS, waiting)
  add(TOMBSTONES, tombstones)
  add(KEYS, keys)
  add(LIVE, live)
}

function stop(fault: u32, at: u32, waiting: u32, leaf: u32): u32 {
  putAll(waiting, leaf)
  store<u32>(FAULT, fault)
  return at
}

/**
 * CRC-32C of those of the rows [from, to) that HashKV counts, continuing from `crc`. What was
 * compacted over counts only as long as it is the newest of its key. Source: HashByRev and kvHasher
 * in server/storage/mvcc/{kvstore,hash}.go @ v3.6.14.
 *
 * @param all whether rows count that were compacted over: when no key is left that is not deleted
 * @param deleted whether then a deletion counts too that is the very compact revision
 */
export function hashRows(
  page: usize,
  from: u32,
  to: u32,
  leaf: u32,
  crc: u32,
  all: bool,
  deleted: bool,
): u32 {
  const limit = load<u64>(LIMIT)
  const compacted = load<u64>(COMPACTED)
  let hash = crc
  for (let at = from; at < to; at++) {
    const element = page + HEADER + at * ELEMENT
    const key = element + load<u32>(element, 4)
    const length = load<u32>(element, 8)
    if (load<u32>(element) !== 0 || !isRevision(key, length)) continue
    const main = bswap(load<u64>(key))
    if (main > limit) continue
    const value = key + length
    const end = value + load<u32>(element, 12)
    if (main <= compacted) {
      if (all) {
        if (main === compacted && length === TOMBSTONE_BYTES && !deleted) continue
      } else {
        if (!decode(value, end)) continue
        if (!isCurrent(keyStart, <u32>(keyEnd - keyStart), leaf, at)) continue
      }
    }
    hash = crc32c(key, end, hash)
  }
  return hash
}
