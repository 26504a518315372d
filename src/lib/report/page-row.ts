import type { PageElement } from '../bolt/page-elements.ts'
import { hex16 } from '../proto/uint64.ts'
import { KeyValueReader } from '../store/key-value.ts'
import { decodeRevision, isRevision, KEY_BUCKET, TOMBSTONE_BYTES } from '../store/revision.ts'
import { type Disclosure, keyJson, opaqueJson, redacted, valueJson } from './bytes.ts'

/** Values of these hold the hashes of passwords. */
const SECRET_BUCKET = 'authUsers'

/** Its keys are ids, u64 big endian. */
const LEASE_BUCKET = 'lease'

const message = new KeyValueReader()

/** What a bbolt key stands for: a revision in the key bucket, else its text. */
export function boltKey(bucket: string | undefined, key: Uint8Array | undefined): object {
  if (key === undefined) return {}
  if (bucket === LEASE_BUCKET && key.length === 8) return { lease: leaseOf(key) }
  if (!isRevisionOf(bucket, key)) return { key: keyJson(key) }
  const { main: revision, sub } = decodeRevision(key)
  return { revision, sub, tombstone: key.length === TOMBSTONE_BYTES || undefined }
}

function leaseOf(key: Uint8Array): string {
  return Buffer.from(key).toString('hex')
}

/** A row of a leaf page: where it stands, and what it says to somebody who knows etcd. */
export function rowReport(
  bucket: string | undefined,
  element: PageElement,
  disclosure: Disclosure,
): object {
  const { index, position, keyBytes, valueBytes, key, value } = element
  const place = { index, position, keyBytes, valueBytes }
  if (key === undefined || value === undefined) {
    return { ...place, ...boltKey(bucket, key), outside: true }
  }
  if (!isRevisionOf(bucket, key)) {
    return { ...place, ...boltKey(bucket, key), value: plainValue(bucket, value, disclosure) }
  }
  const revision = boltKey(bucket, key)
  if (!message.read(value)) return { ...place, ...revision, undecodable: true }
  const { createRevision, version, lease } = message
  return {
    ...place,
    ...revision,
    key: keyJson(message.key),
    createRevision: createRevision || undefined,
    version: version || undefined,
    lease: lease ? hex16(lease) : undefined,
    value: key.length === TOMBSTONE_BYTES ? undefined : valueJson(message.value, disclosure.values),
  }
}

/** On a page of no known bucket a revision is told by its form. */
function isRevisionOf(bucket: string | undefined, key: Uint8Array): boolean {
  return (bucket === undefined || bucket === KEY_BUCKET) && isRevision(key)
}

function plainValue(bucket: string | undefined, value: Uint8Array, disclosure: Disclosure): object {
  if (bucket === undefined) return opaqueJson(value, disclosure)
  if (bucket === SECRET_BUCKET && !disclosure.showSecrets) return redacted(value.length)
  return valueJson(value, disclosure.values)
}
