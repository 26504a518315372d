import { hex8 } from '../io/hex8.ts'
import type { Artefact } from '../member/artefact.ts'
import type { DataDir } from '../member/data-dir.ts'
import { committedMembership, lastIndex, type Wal } from '../member/wal.ts'
import { hex16 } from '../proto/uint64.ts'
import type { SnapFile } from '../snap/snap-file.ts'
import type { Membership } from '../wal/membership.ts'
import type { SegmentScan } from '../wal/segment-scan.ts'
import { confStateReport, hardStateReport, ids, memberReport } from './raft.ts'
import { storeFileReport } from './store.ts'

/** An artefact as plain data, as docs/contract.md lays it down. What is not in the file is absent. */
export function artefactReport(artefact: Artefact): object {
  if ('unread' in artefact) {
    const { path, type, bytes } = artefact
    return { path, type, bytes }
  }
  switch (artefact.type) {
    case 'snap':
      return snapReport(artefact.snap)
    case 'wal':
    case 'wal-dir':
      return walReport(artefact.type, artefact.wal)
    case 'data-dir':
      return dataDirReport(artefact.dataDir)
    default:
      return storeFileReport(artefact.type, artefact.db)
  }
}

function snapReport(snap: SnapFile): object {
  const { path, bytes, term, index, confState, crc, fileName, data, store } = snap
  return {
    path,
    type: 'snap',
    bytes,
    term,
    index,
    confState: confState && confStateReport(confState),
    crc: crc && { stored: hex8(crc.stored), computed: hex8(crc.computed), ok: crc.ok },
    fileName,
    data,
    ...(store ? { ...membershipReport(store), userKeys: store.userKeys } : {}),
  }
}

function walReport(type: 'wal' | 'wal-dir', wal: Wal): object {
  const { summary, segments } = wal.log
  const { metadata, hardState, snapshots } = summary
  const membership = committedMembership(wal)
  return {
    path: wal.path,
    type,
    bytes: wal.bytes,
    metadata: metadata && {
      memberId: hex16(metadata.memberId),
      clusterId: hex16(metadata.clusterId),
    },
    hardState: hardState && hardStateReport(hardState),
    entries: entriesReport(wal),
    snapshots: snapshots.map(({ index, term, confState }) => ({
      index,
      term,
      confState: confState && confStateReport(confState),
    })),
    segments: segments.map(segmentReport),
    beyondDamage: beyondReport(wal),
    confState: membership && confStateReport(membership.confState),
    ...(membership ? membershipReport(membership) : {}),
    extraFiles: type === 'wal-dir' ? wal.extraFiles : undefined,
  }
}

function entriesReport({ log }: Wal): object {
  const { runs, entries, counts } = log.summary
  return {
    firstIndex: runs.runs[0]?.first,
    lastIndex: runs.last,
    count: entries,
    overwritten: runs.overwritten,
    byType: Object.fromEntries(counts.result()),
  }
}

function segmentReport({ file, records, entries, lastValidOffset, tail }: SegmentScan): object {
  const { path, seq, firstIndex, bytes } = file
  return { path, seq, firstIndex, records, entries, bytes, lastValidOffset, tail }
}

function beyondReport({ log }: Wal): object | undefined {
  const { records, entries, firstIndex, lastIndex: last, hardState } = log.summary.beyond
  if (records === 0) return undefined
  return { records, entries, firstIndex, lastIndex: last, commit: hardState?.commit }
}

function dataDirReport(dataDir: DataDir): object {
  const { path, snaps, wal, db, snapDbs, loadedSnap, membership, extraFiles } = dataDir
  const { metadata, hardState } = wal?.log.summary ?? {}
  const version = membership?.clusterVersion
  return {
    path,
    type: 'data-dir',
    bytes: bytesOf(dataDir),
    memberId: metadata && hex16(metadata.memberId),
    clusterId: metadata && hex16(metadata.clusterId),
    name: membership?.members.find(({ id }) => id === metadata?.memberId)?.name,
    writtenBy: version && minorOf(version),
    term: hardState?.term,
    commitIndex: hardState?.commit,
    lastIndex: wal && lastIndex(wal),
    consistentIndex: db?.store?.consistentIndex,
    revision: db?.store?.revision,
    confState: membership && confStateReport(membership.confState),
    ...(membership ? membershipReport(membership) : {}),
    loadedSnap: loadedSnap?.path,
    snaps: snaps.map(snapReport),
    wal: wal && walReport('wal-dir', wal),
    db: db && storeFileReport('db', db),
    snapDbs:
      snapDbs.length > 0 ? snapDbs.map((each) => storeFileReport('snap-db', each)) : undefined,
    extraFiles,
  }
}

function bytesOf({ snaps, wal, db, snapDbs }: DataDir): number {
  const files: readonly ({ readonly bytes: number } | undefined)[] = [...snaps, wal, db, ...snapDbs]
  return files.reduce((sum, file) => sum + (file?.bytes ?? 0), 0)
}

function membershipReport({ members, removedMembers, clusterVersion }: Membership): object {
  return { members: members.map(memberReport), removedMembers: ids(removedMembers), clusterVersion }
}

/** "3.5.0" is cluster version 3.5: servers of at least that minor version wrote the files. */
function minorOf(version: string): string {
  return version.split('.').slice(0, 2).join('.')
}
