import type { KeyName } from '../bolt/page-findings.ts'
import { type Uint64, uint64FromHalves } from '../proto/uint64.ts'

/** The bucket in which every revision of every key is. */
export const KEY_BUCKET = 'key'

/** main u64, '_', sub u64, big endian; a deletion has a 't' behind it. mvcc/revision.go @ v3.5.33. */
export const REVISION_BYTES = 17
export const TOMBSTONE_BYTES = 18
const TOMBSTONE_MARK = 0x74
const SEPARATOR = 0x5f

/** When something was written: main counts transactions, sub the changes in one. */
export interface Revision {
  readonly main: Uint64
  readonly sub: Uint64
}

/** Whether bytes are the key of a row in the key bucket. */
export function isRevision(key: Uint8Array): boolean {
  if (key[8] !== SEPARATOR) return false
  if (key.length === REVISION_BYTES) return true
  return key.length === TOMBSTONE_BYTES && key[REVISION_BYTES] === TOMBSTONE_MARK
}

/** @param key of 17 bytes or more, as `isRevision` has found it */
export function decodeRevision(key: Uint8Array): Revision {
  return { main: uint64At(key, 0), sub: uint64At(key, 9) }
}

/** The key of the first row that a revision can have. */
export function encodeRevision(main: Uint64, sub: Uint64 = 0): Uint8Array {
  const key = Buffer.alloc(REVISION_BYTES)
  key.writeBigUInt64BE(BigInt(main), 0)
  key[8] = SEPARATOR
  key.writeBigUInt64BE(BigInt(sub), 9)
  return key
}

/** What a bbolt key means to somebody who knows etcd: the revision in the key bucket, else its text. */
export function nameKey(bucket: string, key: Uint8Array): KeyName {
  if (bucket === KEY_BUCKET && key.length >= REVISION_BYTES) {
    const { main, sub } = decodeRevision(key)
    return { text: `revision ${main}${sub === 0 ? '' : `.${sub}`}`, revision: main }
  }
  return { text: `key ${JSON.stringify(Buffer.from(key.subarray(0, 64)).toString('latin1'))}` }
}

function uint64At(bytes: Uint8Array, at: number): Uint64 {
  return uint64FromHalves(word(bytes, at), word(bytes, at + 4))
}

function word(bytes: Uint8Array, at: number): number {
  const high = ((bytes[at] as number) << 8) | (bytes[at + 1] as number)
  const low = ((bytes[at + 2] as number) << 8) | (bytes[at + 3] as number)
  return ((high << 16) | low) >>> 0
}
