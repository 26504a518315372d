import { crc32c } from '../../checksum/kernel/crc32c'
import { add, COMPACTED, FAULT, LAST, LIMIT, PARTIAL, RECORDS, TOMBSTONES } from './fields'
import { decode, keyEnd, keyStart } from './key-value'
import { isCurrent, mark, put } from './keys'

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

/**
 * Counts the rows [from, to) of a leaf of the key bucket, and remembers the newest of each key; what
 * is live is counted when `settle` is called.
 *
 * @param leaf its number, in the order of the tree
 * @returns the first row that is none, or `to`
 */
export function scan(page: usize, from: u32, to: u32, leaf: u32): u32 {
  const limit = load<u64>(LIMIT)
  const compacted = load<u64>(COMPACTED)
  for (let at = from; at < to; at++) {
    const element = page + HEADER + at * ELEMENT
    if (load<u32>(element) !== 0) continue
    const key = element + load<u32>(element, 4)
    const length = load<u32>(element, 8)
    if (!isRevision(key, length)) return stop(NO_REVISION, at)
    const main = bswap(load<u64>(key))
    const tombstone = length === TOMBSTONE_BYTES
    if (main > limit || main <= compacted) {
      store<u32>(PARTIAL, leaf + 1)
      if (tombstone || main > limit) mark(leaf)
      if (main > limit) continue
    }
    const value = key + length
    if (!decode(value, value + load<u32>(element, 12))) return stop(UNDECODABLE, at)
    store<u64>(LAST, main)
    add(RECORDS, 1)
    if (tombstone) add(TOMBSTONES, 1)
    put(keyStart, <u32>(keyEnd - keyStart), leaf, at, tombstone)
  }
  return to
}

function stop(fault: u32, at: u32): u32 {
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
