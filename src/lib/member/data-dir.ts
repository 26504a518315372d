import { readdirSync, statSync } from 'node:fs'
import type { Findings } from '../findings/findings.ts'
import { FileSource } from '../io/file-source.ts'
import { below } from '../io/paths.ts'
import { reportChange } from '../io/report-change.ts'
import type { Source } from '../io/source.ts'
import { unlessUnreadable } from '../io/unreadable.ts'
import { parseSnapDbName } from '../snap/file-name.ts'
import { readSnapFile, type SnapFile } from '../snap/snap-file.ts'
import { readStoreFile } from '../store/read-store.ts'
import type { StoreFile } from '../store/store-file.ts'
import type { ArtefactOptions } from './artefact.ts'
import type { MemberPaths } from './identify.ts'
import { committedMembership, type MembershipBase, readWalDirectory, type Wal } from './wal.ts'

/** A member's data dir, as one thing. */
export interface DataDir {
  readonly path: string
  /** Newest first, as etcd sorts them: by name. */
  readonly snaps: readonly SnapFile[]
  readonly wal?: Wal
  readonly db?: StoreFile
  readonly snapDbs: readonly StoreFile[]
  /** The `.snap` that etcd up to 3.6 would start from. */
  readonly loadedSnap?: SnapFile
  /** As of the commit index. */
  readonly membership?: ReturnType<typeof committedMembership>
  /** Files that belong to no member, or to none that runs; as paths. */
  readonly extraFiles: readonly string[]
}

/**
 * Reads a member.
 *
 * @throws NodeJS.ErrnoException when a directory or file cannot be read
 */
export function readDataDir(
  path: string,
  parts: MemberPaths,
  { walDir, hashKvAt }: ArtefactOptions,
  findings: Findings,
): DataDir {
  const readDbFile = (source: Source): StoreFile =>
    reportIfEmpty(source, findings)
      ? { path: source.name, bytes: 0, meta: [], hasTrailer: false }
      : readStoreFile(source, findings, { trailer: false, hashKvAt })
  const listed = listSnap(parts, findings)
  const names = listed ?? []
  const inSnap = (name: string): string => below(parts.snap as string, name)
  const snaps = readListed(parts, names, findings)
  const snapDbs = names
    .filter((name) => parseSnapDbName(name) !== undefined)
    .flatMap((name) => readEach(inSnap(name), findings, readDbFile))
  const wal = readWal(path, walDir ?? parts.wal, findings)
  const db = readDb(path, parts, listed, findings, readDbFile)
  const loadedSnap = wal ? snapToLoad(snaps, wal) : snaps.find(({ loadable }) => loadable)
  const membership = wal ? committedMembership(wal, baseOf(loadedSnap)) : undefined
  const extraNames = names.filter((name) => !isRegular(name))
  const extraInWal = (wal?.extraFiles ?? []).map((name) => below(wal?.path ?? '', name))
  return {
    path,
    snaps,
    snapDbs,
    ...(wal ? { wal } : {}),
    ...(db ? { db } : {}),
    ...(loadedSnap ? { loadedSnap } : {}),
    ...(membership ? { membership } : {}),
    extraFiles: [...extraNames.map(inSnap), ...extraInWal, ...strayDirectories(path, parts)],
  }
}

/** A member's `.snap` files, in the order in which etcd sorts them: by name, newest first. */
export function readSnaps(parts: MemberPaths, findings: Findings): SnapFile[] {
  return readListed(parts, listSnap(parts, findings) ?? [], findings)
}

/**
 * The newest that reads well and has a record in the WAL at or below the commit index.
 * Source: LoadNewestAvailable in snapshotter.go and ValidSnapshotEntries in wal.go @ v3.5.33; before
 * 3.3.21 and 3.4.8 the record was not asked for.
 */
export function snapToLoad(snaps: readonly SnapFile[], { log }: Wal): SnapFile | undefined {
  const { snapshots, hardState } = log.summary
  const commit = hardState?.commit ?? 0
  const valid = snapshots.filter(({ index }) => index <= commit)
  return snaps.find(
    (snap) =>
      snap.loadable && valid.some(({ index, term }) => index === snap.index && term === snap.term),
  )
}

/** The membership in a `.snap`, from which a WAL goes on. */
export function baseOf(snap: SnapFile | undefined): MembershipBase | undefined {
  if (snap?.index === undefined) return undefined
  const { index, confState, store } = snap
  return { index, ...(confState ? { confState } : {}), ...store }
}

/** Undefined when the directory cannot be read: then nobody knows what it lacks. */
function listSnap({ snap }: MemberPaths, findings: Findings): readonly string[] | undefined {
  if (snap === undefined) return []
  return unlessUnreadable(snap, findings, () => readdirSync(snap).sort())
}

function readListed(
  { snap = '' }: MemberPaths,
  names: readonly string[],
  findings: Findings,
): SnapFile[] {
  const newestFirst = names.filter((name) => name.endsWith('.snap')).reverse()
  return newestFirst.flatMap((name) => readEach(below(snap, name), findings, readSnap))
}

function readWal(path: string, walDir: string | undefined, findings: Findings): Wal | undefined {
  if (walDir !== undefined) {
    return unlessUnreadable(walDir, findings, () => readWalDirectory(walDir, findings))
  }
  findings.report('MEMBER_NO_WAL', { path }, { message: 'the data dir holds no WAL directory' })
  return undefined
}

function readDb(
  path: string,
  { snap }: MemberPaths,
  listed: readonly string[] | undefined,
  findings: Findings,
  readDbFile: (source: Source) => StoreFile,
): StoreFile | undefined {
  if (listed === undefined) return undefined
  if (snap !== undefined && listed.includes('db')) {
    return readEach(below(snap, 'db'), findings, readDbFile)[0]
  }
  findings.report('MEMBER_NO_DB', { path }, { message: 'the data dir holds no db' })
  return undefined
}

function readSnap(source: Source, findings: Findings): SnapFile {
  if (reportIfEmpty(source, findings)) return { path: source.name, bytes: 0, loadable: false }
  const snap = readSnapFile(source, findings)
  reportChange(source, findings)
  return snap
}

function reportIfEmpty({ name, size }: Source, findings: Findings): boolean {
  if (size > 0) return false
  findings.report('FILE_EMPTY', { path: name }, { message: 'the file holds no bytes' })
  return true
}

/** What `read` makes of a file; nothing when it cannot be opened. */
function readEach<T>(
  path: string,
  findings: Findings,
  read: (source: Source, findings: Findings) => T,
): T[] {
  const result = unlessUnreadable(path, findings, () => {
    const source = new FileSource(path)
    try {
      return read(source, findings)
    } finally {
      source.close()
    }
  })
  return result === undefined ? [] : [result]
}

function isRegular(name: string): boolean {
  return name === 'db' || name.endsWith('.snap') || parseSnapDbName(name) !== undefined
}

/** What lies beside `snap` and `wal`: `wal.tmp`, `wal.broken.<time>` and whatever else. */
function strayDirectories(path: string, { snap, wal }: MemberPaths): string[] {
  const part = snap ?? wal
  const inside = part === undefined ? below(path, 'member') : part.replace(/\/[^/]*$/, '')
  if (snap === path || !statSync(inside).isDirectory()) return []
  return readdirSync(inside)
    .filter((name) => name !== 'snap' && name !== 'wal')
    .map((name) => below(inside, name))
}
