import { readdirSync } from 'node:fs'
import { BoltDb } from '../bolt/bolt-db.ts'
import type { Findings } from '../findings/findings.ts'
import { openSource } from '../io/open-source.ts'
import { below, isDirectory } from '../io/paths.ts'
import { reportChange } from '../io/report-change.ts'
import { fileNameOf, type Source } from '../io/source.ts'
import { unlessUnreadable } from '../io/unreadable.ts'
import { readSnapFile, type SnapFile } from '../snap/snap-file.ts'
import { BucketRows, UnknownKeys } from '../store/bucket-rows.ts'
import type { BucketName } from '../store/buckets.ts'
import { readCluster } from '../store/cluster.ts'
import { readMembers, readRemovedMembers } from '../store/membership.ts'
import { readMeta } from '../store/meta.ts'
import { segmentOf } from '../wal/segment-file.ts'
import type { FileType } from './artefact.ts'
import { snapToLoad } from './data-dir.ts'
import { expectedType, identifyDirectory, identifyFile } from './identify.ts'
import type { DbMembership, MemberFiles } from './member-files.ts'
import { readWalDirectory, readWalSegment, type Wal } from './wal.ts'

/**
 * Reads what tells who belongs to a cluster: of a data dir the `.snap` that etcd up to 3.6 would
 * load, the WAL and the db; of anything else what there is. Of a db only its small buckets are read.
 *
 * @param walDir for a data dir whose WAL is elsewhere
 * @returns undefined, and a finding, when nothing at the path could tell
 */
export async function readMemberFiles(
  path: string,
  findings: Findings,
  walDir?: string,
): Promise<MemberFiles | undefined> {
  const directory = unlessUnreadable(path, findings, () =>
    isDirectory(path) ? identifyDirectory(path) : { type: 'file' as const },
  )
  switch (directory?.type) {
    case undefined:
      return undefined
    case 'file':
      return readFile(path, findings)
    case 'wal-dir':
      return { path, type: 'wal-dir', ...walIn(path, findings) }
    case 'data-dir':
      return readDirectory(path, directory.parts, walDir, findings)
    default: {
      const message = 'the directory is neither a data dir nor part of one'
      findings.report('FILE_NOT_ETCD', { path }, { message })
      return undefined
    }
  }
}

async function readDirectory(
  path: string,
  parts: ReturnType<typeof identifyDirectory>['parts'],
  walDir: string | undefined,
  findings: Findings,
): Promise<MemberFiles> {
  const walPath = walDir ?? parts.wal
  if (walPath === undefined) {
    findings.report('MEMBER_NO_WAL', { path }, { message: 'the data dir holds no WAL directory' })
  }
  const { wal } = walPath === undefined ? {} : walIn(walPath, findings)
  const { snap: snapDir } = parts
  const listed = snapDir && unlessUnreadable(snapDir, findings, () => readdirSync(snapDir).sort())
  const names = listed || []
  const inSnap = (name: string): string => below(snapDir ?? path, name)
  const snaps: SnapFile[] = []
  for (const name of names.filter((each) => each.endsWith('.snap')).reverse()) {
    const snap = await read(inSnap(name), findings, unlessEmpty(readSnapFile))
    if (snap) snaps.push(snap)
  }
  const snap = wal ? snapToLoad(snaps, wal) : snaps.find(({ loadable }) => loadable)
  const db = names.includes('db')
    ? await read(inSnap('db'), findings, unlessEmpty(readDbMembership))
    : undefined
  if (!names.includes('db') && (snapDir === undefined || listed !== undefined)) {
    findings.report('MEMBER_NO_DB', { path }, { message: 'the data dir holds no db' })
  }
  return {
    path,
    type: 'data-dir',
    ...(wal ? { wal } : {}),
    ...(snap ? { snap } : {}),
    ...(db ? { db } : {}),
  }
}

function walIn(path: string, findings: Findings): { readonly wal?: Wal } {
  const wal = unlessUnreadable(path, findings, () => readWalDirectory(path, findings))
  return wal ? { wal } : {}
}

function readFile(path: string, findings: Findings): Promise<MemberFiles | undefined> {
  return read(path, findings, filesOf)
}

function filesOf(source: Source, findings: Findings): MemberFiles | undefined {
  const { name: path } = source
  const type = identifyFile(source) ?? expectedType(fileNameOf(source))
  if (type === undefined) {
    const message = 'the file is of no kind that etcd writes'
    findings.report('FILE_NOT_ETCD', { path }, { message })
    return undefined
  }
  return unlessEmpty(() => filesOfType(type, source, findings))(source, findings)
}

function filesOfType(type: FileType, source: Source, findings: Findings): MemberFiles {
  const { name: path } = source
  switch (type) {
    case 'snap':
      return { path, type, snap: readSnapFile(source, findings) }
    case 'wal':
      return { path, type, wal: readWalSegment(segmentOf(source), findings) }
    default:
      return { path, type, db: readDbMembership(source, findings) }
  }
}

/** What a db says of its cluster; rows that do not decode are findings. */
function readDbMembership(source: Source, findings: Findings): DbMembership {
  const { name: path } = source
  const db = new BoltDb(source, findings)
  const rows = (bucket: BucketName): BucketRows =>
    new BucketRows(bucket, db.rows(bucket), path, findings, new UnknownKeys())
  const members = readMembers(rows('members'))
  return {
    path,
    ...readMeta(rows('meta')),
    ...readCluster(rows('cluster')),
    members,
    removedMembers: readRemovedMembers(rows('members_removed'), members),
  }
}

/** What `take` makes of a file; undefined, and a finding, when it is refused. */
async function read<T>(
  path: string,
  findings: Findings,
  take: (source: Source, findings: Findings) => T,
): Promise<T | undefined> {
  const source = await openSource(path, findings)
  if (source === undefined) return undefined
  try {
    return take(source, findings)
  } finally {
    reportChange(source, findings)
    source.close()
  }
}

/** As `take`, of a file that should not be empty. */
function unlessEmpty<T>(
  take: (source: Source, findings: Findings) => T,
): (source: Source, findings: Findings) => T | undefined {
  return (source, findings) => {
    if (source.size > 0) return take(source, findings)
    const message = 'the file holds no bytes'
    findings.report('FILE_EMPTY', { path: source.name }, { message })
    return undefined
  }
}
