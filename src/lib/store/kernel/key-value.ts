import { Cursor } from '../../proto/kernel/cursor'

/** The fields of mvccpb.KeyValue, with their wire types as tags. Source: api/mvccpb/kv.proto @ v3.5.33. */
const KEY: u32 = 0x0a
const CREATE_REVISION: u32 = 0x10
const MOD_REVISION: u32 = 0x18
const VERSION: u32 = 0x20
const VALUE: u32 = 0x2a
const LEASE: u32 = 0x30

/** The highest field number. */
const LAST_FIELD: u32 = 6

const LONGEST_VARINT: usize = 10

const cursor = new Cursor()

/** The user's key in the KeyValue that `decode` has read last. */
export let keyStart: usize = 0
export let keyEnd: usize = 0

/** Reads a KeyValue as gogo does: false when it is none, or a field has another wire type. */
export function decode(start: usize, end: usize): bool {
  keyStart = start
  keyEnd = start
  let at = start
  while (at < end) {
    const tag = <u32>load<u8>(at++)
    if (tag === KEY || tag === VALUE) {
      let length: usize = 0
      let shift: usize = 0
      let byte: u32 = 0x80
      while (byte >= 0x80 && at < end && shift < 28) {
        byte = load<u8>(at++)
        length |= <usize>(byte & 0x7f) << shift
        shift += 7
      }
      if (byte >= 0x80 || length > end - at) return false
      if (tag === KEY) {
        keyStart = at
        keyEnd = at + length
      }
      at += length
    } else if (
      tag === CREATE_REVISION ||
      tag === MOD_REVISION ||
      tag === VERSION ||
      tag === LEASE
    ) {
      const last = min(at + LONGEST_VARINT, end)
      let byte: u32 = 0x80
      while (byte >= 0x80 && at < last) byte = load<u8>(at++)
      if (byte >= 0x80) return false
    } else return decodeOther(start, end)
  }
  return true
}

/** The same for messages with fields that no version of etcd writes, which are passed over. */
function decodeOther(start: usize, end: usize): bool {
  cursor.begin(start, end)
  while (cursor.next()) {
    if (cursor.field > LAST_FIELD) {
      cursor.skip()
      continue
    }
    const tag = (cursor.field << 3) | cursor.wire
    if (tag === KEY || tag === VALUE) {
      cursor.range()
      if (tag === KEY) {
        keyStart = cursor.from
        keyEnd = cursor.to
      }
    } else if (
      tag === CREATE_REVISION ||
      tag === MOD_REVISION ||
      tag === VERSION ||
      tag === LEASE
    ) {
      cursor.varint()
    } else return false
  }
  return cursor.ok
}
