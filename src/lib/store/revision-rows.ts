import type { BoltDb } from '../bolt/bolt-db.ts'
import type { Row } from '../bolt/row.ts'
import type { Findings } from '../findings/findings.ts'
import type { Uint64 } from '../proto/uint64.ts'
import { KeyValueReader } from './key-value.ts'
import {
  decodeRevision,
  encodeRevision,
  isRevision,
  KEY_BUCKET,
  TOMBSTONE_BYTES,
} from './revision.ts'
import type { RevisionRow } from './revision-row.ts'

/** Behind it there is no row: a main revision has 64 bits. */
const LAST_MAIN = 2n ** 64n - 1n

/** Which rows are wanted, by main revision, both ends included. */
export interface RevisionRange {
  readonly from?: Uint64
  readonly to?: Uint64
}

/**
 * The rows of the key bucket in the order of their revisions. One that is no revision, or does not
 * decode, is reported and left out.
 */
export function* revisionRows(
  db: BoltDb,
  findings: Findings,
  { from, to }: RevisionRange = {},
): Iterable<RevisionRow> {
  if (from !== undefined && from > LAST_MAIN) return
  const message = new KeyValueReader()
  const first = from === undefined ? undefined : encodeRevision(from)
  for (const row of db.rows(KEY_BUCKET, first)) {
    if (!isRevision(row.key)) {
      reportRevision(db, row, findings)
      continue
    }
    const { main, sub } = decodeRevision(row.key)
    if (to !== undefined && main > to) return
    if (!message.read(row.value)) {
      reportUndecodable(db, row, main, findings)
      continue
    }
    const { key, createRevision, modRevision, version, lease, value } = message
    const { page, offset } = row
    const tombstone = row.key.length === TOMBSTONE_BYTES
    const numbers = { createRevision, modRevision, version, lease }
    const valueOffset = offset + row.key.length + value.byteOffset - row.value.byteOffset
    const bytes = row.key.length + row.value.length
    yield { main, sub, tombstone, key, ...numbers, value, valueOffset, page, offset, bytes }
  }
}

/** Reports a row of the key bucket whose key is not a revision. */
export function reportRevision(db: BoltDb, { key, page, offset }: Row, findings: Findings): void {
  findings.report(
    'MVCC_REVISION_INVALID',
    { path: db.source.name, page, offset, bytes: key.length },
    {
      message: `a row of the key bucket has ${key.length} bytes that are no revision`,
      expected: '17 bytes with an underscore in the middle, 18 with a t behind them',
      found: Buffer.from(key.subarray(0, 32)).toString('hex'),
    },
  )
}

/** Reports a row of the key bucket whose value is not a KeyValue. */
export function reportUndecodable(
  db: BoltDb,
  { key, value, page, offset }: Row,
  main: Uint64,
  findings: Findings,
): void {
  findings.report(
    'MVCC_VALUE_UNDECODABLE',
    {
      path: db.source.name,
      page,
      offset: offset + key.length,
      bytes: value.length,
      revision: main,
    },
    { message: `what revision ${main} stores is no KeyValue` },
  )
}
