import { Cursor } from '../../proto/kernel/cursor'

/** The fields of mvccpb.KeyValue. Source: api/mvccpb/kv.proto @ v3.5.33. */
const KEY: u32 = 1
const VALUE: u32 = 5
const LEASE: u32 = 6

const VARINT: u32 = 0
const BYTES: u32 = 2

const cursor = new Cursor()

/** The user's key in the KeyValue that `decode` has read last. */
export let keyStart: usize = 0
export let keyEnd: usize = 0

/** Reads a KeyValue as gogo does: false when it is none, or a field has another wire type. */
export function decode(start: usize, end: usize): bool {
  keyStart = start
  keyEnd = start
  cursor.begin(start, end)
  while (cursor.next()) {
    const field = cursor.field
    if (field === KEY) {
      if (cursor.wire !== BYTES) return false
      cursor.range()
      keyStart = cursor.from
      keyEnd = cursor.to
    } else if (field === VALUE) {
      if (cursor.wire !== BYTES) return false
      cursor.range()
    } else if (field <= LEASE) {
      if (cursor.wire !== VARINT) return false
      cursor.varint()
    } else cursor.skip()
  }
  return cursor.ok
}
