/** A db of which only rows are asked: what codecs above bbolt read, without its pages. */
import Long from 'long'
import type { BoltDb } from '../../src/lib/bolt/bolt-db.ts'
import { mvccpb } from '../../src/lib/proto/generated/etcd.js'
import { encodeRevision, KEY_BUCKET } from '../../src/lib/store/revision.ts'

/** What one revision did to a key; without a value it deletes it. */
export interface Change {
  readonly main: number
  readonly sub: number
  readonly key: string
  readonly value?: string
  readonly createRevision?: number
  readonly version?: number
  readonly lease?: string
}

/** A row in the key bucket, as servers write it. */
export function rowOf(change: Change): { key: Uint8Array; value: Uint8Array } {
  const { main, sub, value, createRevision = 0, version = 0, lease } = change
  const revision = encodeRevision(main, sub)
  const key = Buffer.from(change.key, 'latin1')
  if (value === undefined) {
    const message = mvccpb.KeyValue.encode({ key }).finish()
    return { key: Buffer.concat([revision, Buffer.from('t')]), value: message }
  }
  const message = mvccpb.KeyValue.encode({
    key,
    create_revision: createRevision,
    mod_revision: main,
    version,
    value: Buffer.from(value, 'latin1'),
    ...(lease ? { lease: Long.fromString(lease) } : {}),
  }).finish()
  return { key: revision, value: message }
}

/** A db with these rows, which stand in their order; its file offsets are those of `bytes`. */
export function rowsDb(
  rows: readonly { key: Uint8Array; value: Uint8Array }[],
  others: Readonly<Record<string, readonly { key: Uint8Array; value: Uint8Array }[]>> = {},
): { db: BoltDb; bytes: Buffer } {
  const bytes = Buffer.concat(rows.flatMap(({ key, value }) => [key, value]))
  let offset = 0
  const placed = rows.map(({ key, value }) => {
    const start = offset
    offset += key.length + value.length
    return {
      key: bytes.subarray(start, start + key.length),
      value: bytes.subarray(start + key.length, offset),
      page: 2,
      offset: start,
    }
  })
  const db = {
    source: { name: 'db' },
    *rows(bucket: string, from?: Uint8Array) {
      if (bucket !== KEY_BUCKET) yield* others[bucket] ?? []
      else yield* placed.filter(({ key }) => from === undefined || Buffer.compare(key, from) >= 0)
    },
  }
  return { db: db as unknown as BoltDb, bytes }
}
