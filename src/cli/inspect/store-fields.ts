import { hex8 } from '../../lib/io/hex8.ts'
import { hex16 } from '../../lib/proto/uint64.ts'
import type { Store } from '../../lib/store/store-file.ts'
import { type WrittenBy, writtenBy } from '../../lib/store/written-by.ts'
import type { Sheet } from './sheet.ts'
import { count, shown } from './text.ts'

/** Of users, of roles, of voters. */
const MOST_NAMED = 8

/** What etcd keeps in a db, as fields: first what one compares, then what one must know. */
export function showStore(sheet: Sheet, store: Store): void {
  sheet.field('revision', revisionOf(sheet, store))
  sheet.field('keys', keysOf(sheet, store))
  showHashes(sheet, store)
  sheet.field('etcd', versionsOf(sheet, store))
  const raft = [
    ...(store.consistentIndex === undefined ? [] : [`consistent index ${store.consistentIndex}`]),
    ...(store.term === undefined ? [] : [`term ${store.term}`]),
  ]
  if (raft.length > 0) sheet.field('raft', raft)
  showConfState(sheet, store)
  showAuth(sheet, store)
  if (store.leases > 0) sheet.field('leases', [String(store.leases)])
}

function revisionOf({ theme }: Sheet, store: Store): string[] {
  const { complete, revision, compactRevision } = store
  const { scheduledCompactRevision: scheduled, finishedCompactRevision: finished } = store
  const current = complete ? String(revision) : `${revision} or higher`
  if (compactRevision === undefined) return complete ? [current, 'never compacted'] : [current]
  const isOver = scheduled === undefined || scheduled === finished
  const done = finished === undefined ? 'begun' : `begun, finished only to ${finished}`
  return [
    current,
    `compact revision ${compactRevision}`,
    ...(isOver ? [] : [theme.warn(`compaction ${done}`)]),
  ]
}

function keysOf(
  { theme }: Sheet,
  { complete, keys: { live, records, tombstones } }: Store,
): string[] {
  return [
    `${live} live`,
    `${count(records, 'revision')} stored`,
    ...(tombstones > 0 ? [count(tombstones, 'deletion')] : []),
    ...(complete ? [] : [theme.bad('as far as the file can be read')]),
  ]
}

function showHashes(sheet: Sheet, store: Store): void {
  const { statusHash, hashKv = [], rowsAllBuckets, keys } = store
  if (statusHash === undefined) {
    sheet.field('status hash', [sheet.theme.bad('none: the file cannot be read whole')])
    return
  }
  sheet.field('status hash', [
    hex8(statusHash),
    `total keys ${rowsAllBuckets} (etcdutl ≤ 3.5), ${keys.live} (≥ 3.6)`,
  ])
  for (const { rule, hash, revision, compactRevision } of hashKv) {
    const servers = rule === '3.4' ? ['servers before 3.4.34 and 3.5.16'] : []
    sheet.field('HashKV', [
      hex8(hash),
      `revision ${revision}`,
      `compact revision ${compactRevision}`,
      ...servers,
    ])
  }
}

function versionsOf({ theme }: Sheet, store: Store): string[] {
  const { clusterVersion, storageVersion, downgrade } = store
  const target = downgrade?.targetVersion
  return [
    `written by ${writerOf(writtenBy(store))}`,
    ...(clusterVersion === undefined ? [] : [`cluster version ${shown(clusterVersion)}`]),
    ...(storageVersion === undefined ? [] : [`storage version ${shown(storageVersion)}`]),
    ...(target === undefined ? [] : [theme.warn(`downgrade to ${shown(target)} in progress`)]),
  ]
}

function writerOf(by: WrittenBy | undefined): string {
  if (by === undefined) return 'an unknown version'
  const { atLeast, atMost } = by
  if (atMost === undefined) return `${atLeast} or later`
  return atLeast === atMost ? atLeast : `${atLeast} or ${atMost}`
}

/** Only when it names others than the bucket `members` does, as after a restore. */
function showConfState(sheet: Sheet, { confState, members }: Store): void {
  if (confState === undefined || members.length === 0) return
  const named = [...confState.voters, ...confState.learners]
  const known = new Set(members.map(({ id }) => id))
  if (named.length === known.size && named.every((id) => known.has(id))) return
  sheet.field('confState', [
    ...namesOf(named.map(hex16)),
    'others than the members, as after a restore',
  ])
}

function showAuth(sheet: Sheet, { auth }: Store): void {
  const { enabled, revision, users, roles } = auth
  if (!enabled && users.length + roles.length === 0) return
  sheet.field('auth', [
    enabled ? sheet.theme.bold('on') : 'off',
    ...(revision === undefined ? [] : [`revision ${revision}`]),
    ...(users.length > 0 ? [`users ${namesOf(users.map(shown)).join(', ')}`] : []),
    ...(roles.length > 0 ? [`roles ${namesOf(roles.map(shown)).join(', ')}`] : []),
  ])
}

function namesOf(names: readonly string[]): string[] {
  const left = names.length - MOST_NAMED
  const first = names.slice(0, MOST_NAMED)
  return left > 0 ? [...first, `… ${left} more`] : first
}
