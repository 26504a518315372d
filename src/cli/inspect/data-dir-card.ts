import type { DataDir } from '../../lib/member/data-dir.ts'
import type { Wal } from '../../lib/member/wal.ts'
import { larger, type Uint64 } from '../../lib/proto/uint64.ts'
import { showAlarms } from './alarms.ts'
import { showDbSection } from './db-card.ts'
import { showExtraFiles } from './extra-files.ts'
import { showIdentity } from './identity.ts'
import { type Roster, showMembers } from './members.ts'
import { isDamaged } from './segments.ts'
import type { Sheet } from './sheet.ts'
import { showSnaps } from './snaps.ts'
import { showWalSection } from './wal-card.ts'

/** The card of a member's data dir: who it is, how far it has got, and each of its files. */
export function showDataDir(sheet: Sheet, dataDir: DataDir): void {
  const { path, wal, db, snapDbs, loadedSnap, membership, extraFiles } = dataDir
  const roster = rosterOf(dataDir)
  const none = sheet.theme.bad('none that can be read')
  const version = membership?.clusterVersion ?? loadedSnap?.store?.clusterVersion
  if (db?.store) showAlarms(sheet, db.store.alarms)
  showIdentity(sheet, wal, roster, version)
  if (wal && wal.log.segments.length > 0)
    sheet.field('starts at', startOf(sheet, dataDir, wal), ', ')
  showMembers(sheet, roster)
  showSnaps(sheet, dataDir)
  if (wal) showWalSection(sheet, wal, path)
  else sheet.section('WAL', [none])
  if (db) showDbSection(sheet, 'db', db)
  else sheet.section('db', [none])
  for (const snapDb of snapDbs) showDbSection(sheet, 'snap.db', snapDb)
  showExtraFiles(sheet, path, extraFiles)
}

/** Of the commit index; without a WAL, of the `.snap` that would be loaded. */
function rosterOf({ wal, loadedSnap, membership }: DataDir): Roster {
  const base = loadedSnap?.index
  const commit = wal?.log.summary.hardState?.commit
  const self = wal?.log.summary.metadata?.memberId
  if (membership) {
    const { confState, members, removedMembers: removed } = membership
    return { confState, members, removed, self, index: larger(commit ?? 0, base ?? 0) }
  }
  const { members = [], removedMembers: removed = [] } = loadedSnap?.store ?? {}
  return { confState: loadedSnap?.confState, members, removed, self, index: base }
}

/** The index from which etcd replays the log: up to 3.6 that of a `.snap`, then the WAL's own. */
function startOf({ theme }: Sheet, { snaps, loadedSnap }: DataDir, { log }: Wal): string[] {
  if (isDamaged(log)) return [theme.bad('uncertain: the WAL is damaged')]
  const snap = loadedSnap?.index ?? 0
  const record = log.startSnapshot?.index ?? 0
  if (loadedSnap === undefined && snaps.length > 0) {
    return [`${placeOf(record)} with etcd ≥ 3.7`, theme.bad('no .snap loads with etcd ≤ 3.6')]
  }
  if (snap === record) return [placeOf(snap)]
  return [`${placeOf(snap)} with etcd ≤ 3.6`, `${placeOf(record)} with etcd ≥ 3.7`]
}

function placeOf(index: Uint64): string {
  return index === 0 ? 'the first entry' : `index ${index}`
}
