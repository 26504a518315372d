import { BoltDb } from '../bolt/bolt-db.ts'
import { Findings } from '../findings/findings.ts'
import { plusOne, type Uint64 } from '../proto/uint64.ts'
import { decodeRevision, KEY_BUCKET, nameKey } from './revision.ts'
import { revisionRows } from './revision-rows.ts'

/** Keys that a message names. */
const MOST_NAMED = 5
const LONGEST_NAME = 60

/**
 * For a db whose tree is damaged: what the tree of its other meta page is like, and what going back
 * to that transaction would lose.
 */
export function reportOtherMeta(db: BoltDb, findings: Findings): void {
  const active = db.file.meta.find((meta) => meta.active)
  const other = db.file.meta.find((meta) => meta.ok && !meta.active)
  if (active === undefined || other === undefined) return
  const before = new BoltDb(db.source, new Findings(0), { nameKey, meta: other.page })
  // In a backup both say the same.
  if (before.meta?.root === db.meta?.root) return
  const last = lastRevision(before)
  for (const bucket of before.buckets) {
    if (bucket.name === KEY_BUCKET) continue
    for (const _leaf of before.leaves(bucket));
  }
  const problems = before.findings.total
  const state = problems === 0 ? 'is clean' : `has problems of its own (${problems})`
  const message =
    `meta ${other.page}, tx ${other.txid}, ${state}; meta ${active.page}, tx ${active.txid}, ` +
    `is not clean; ${lossOf(db, last)}`
  const offset = other.page === 0 ? 0 : db.reader.pageSize
  findings.report('DB_OTHER_META', { path: db.source.name, page: other.page, offset }, { message })
}

/** Goes over the whole key bucket. */
function lastRevision(db: BoltDb): Uint64 | undefined {
  let last: Uint64 | undefined
  for (const { key } of db.rows(KEY_BUCKET)) if (key.length >= 17) last = decodeRevision(key).main
  return last
}

/** What the tree at hand has that the one before has not. */
function lossOf(db: BoltDb, last: Uint64 | undefined): string {
  const first = plusOne(last ?? 0)
  let lost: Uint64 | undefined
  const names = new Set<string>()
  let more = false
  for (const { main, key } of revisionRows(db, new Findings(0), { from: first })) {
    lost = main
    const name = JSON.stringify(Buffer.from(key.subarray(0, LONGEST_NAME)).toString())
    if (names.size < MOST_NAMED) names.add(name)
    else more ||= !names.has(name)
  }
  if (lost === undefined) return 'going back one transaction loses no revision that can be read'
  const keys = `${[...names].join(', ')}${more ? ' and others' : ''}`
  return `going back one transaction loses revisions ${first} to ${lost}, of ${keys}`
}
