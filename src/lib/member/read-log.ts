import { Findings } from '../findings/findings.ts'
import { openSource } from '../io/open-source.ts'
import { isDirectory } from '../io/paths.ts'
import { fileNameOf } from '../io/source.ts'
import { unlessUnreadable } from '../io/unreadable.ts'
import type { Uint64 } from '../proto/uint64.ts'
import { isSegment } from '../wal/is-segment.ts'
import { segmentOf } from '../wal/segment-file.ts'
import { readSnaps, snapToLoad } from './data-dir.ts'
import { expectedType, identifyDirectory } from './identify.ts'
import { readWalDirectory, readWalSegment, type Wal } from './wal.ts'

/**
 * Reads the log of a data dir, of a WAL directory, or of one segment, which may be compressed.
 *
 * @param walDir for a data dir whose WAL is elsewhere
 * @returns undefined, and a finding, when there is no log at the path
 */
export async function readLog(
  path: string,
  findings: Findings,
  walDir?: string,
): Promise<Wal | undefined> {
  const kind = unlessUnreadable(path, findings, () => (isDirectory(path) ? 'directory' : 'file'))
  if (kind === undefined) return undefined
  if (kind === 'file') return readFile(path, findings)
  return unlessUnreadable(path, findings, () => readDirectory(path, findings, walDir))
}

/**
 * The index of the snapshot that etcd starts from, behind which it applies entries: that of the
 * `.snap` it would load, or without one that of the newest snapshot record that is committed.
 *
 * @param path where the log was read from: a data dir, or the WAL alone
 */
export function snapshotIndex(path: string, wal: Wal): Uint64 {
  const isDataDir = isDirectory(path) && identifyDirectory(path).type === 'data-dir'
  // What is wrong with the rest of the member is for `inspect` to tell.
  const snaps = isDataDir ? readSnaps(identifyDirectory(path).parts, new Findings()) : []
  return snapToLoad(snaps, wal)?.index ?? wal.log.startSnapshot?.index ?? 0
}

function readDirectory(
  path: string,
  findings: Findings,
  walDir: string | undefined,
): Wal | undefined {
  const { type, parts } = identifyDirectory(path)
  const directory = type === 'data-dir' ? (walDir ?? parts.wal) : path
  if (type !== 'unknown' && directory !== undefined) return readWalDirectory(directory, findings)
  return noLog(path, 'the directory holds no WAL', findings)
}

async function readFile(path: string, findings: Findings): Promise<Wal | undefined> {
  const source = await openSource(path, findings)
  if (source === undefined) return undefined
  const wal = unlessUnreadable(path, findings, () => {
    if (isSegment(source) || expectedType(fileNameOf(source)) === 'wal') {
      return readWalSegment(segmentOf(source), findings)
    }
    return noLog(path, 'the file is no WAL segment', findings)
  })
  if (wal?.log.segments.some(({ file }) => file.unpacked)) {
    return { ...wal, close: () => source.close() }
  }
  source.close()
  return wal
}

function noLog(path: string, message: string, findings: Findings): undefined {
  findings.report('FILE_NO_WAL', { path }, { message })
  return undefined
}
