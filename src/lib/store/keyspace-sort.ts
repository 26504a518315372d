import type { Int64 } from '../proto/uint64.ts'
import type { KeyEntry } from './keyspace-entry.ts'

/** What a listing of keys can be sorted by; equal ones stand in the order of their keys. */
export type KeyOrder = 'key' | 'create' | 'mod' | 'version' | 'size' | 'lease'

export const KEY_ORDERS: readonly KeyOrder[] = ['key', 'create', 'mod', 'version', 'size', 'lease']

/** Bytes in front of a key that make it sort by a number first. */
export const SORT_PREFIX_BYTES = 8

/** Puts an integer in front of a key, so that bytes in order are integers in order. */
export function sortPrefix(into: Uint8Array, value: Int64): void {
  const bits = BigInt.asUintN(64, BigInt(value) + 2n ** 63n)
  new DataView(into.buffer, into.byteOffset).setBigUint64(0, bits)
}

/** The number that an order goes by. */
export function sortValue(order: Exclude<KeyOrder, 'key'>, entry: KeyEntry): Int64 {
  switch (order) {
    case 'create':
      return entry.createRevision
    case 'mod':
      return entry.main
    case 'version':
      return entry.version
    case 'size':
      return entry.valueBytes
    case 'lease':
      return entry.lease
  }
}
