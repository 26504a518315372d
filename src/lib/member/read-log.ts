import { statSync } from 'node:fs'
import { basename } from 'node:path'
import { Findings } from '../findings/findings.ts'
import { FileSource } from '../io/file-source.ts'
import { unlessUnreadable } from '../io/unreadable.ts'
import type { Uint64 } from '../proto/uint64.ts'
import { isSegment } from '../wal/is-segment.ts'
import { parseSegmentName } from '../wal/segment-file.ts'
import { readDataDir } from './data-dir.ts'
import { expectedType, identifyDirectory } from './identify.ts'
import { readWalDirectory, readWalSegment, type Wal } from './wal.ts'

/**
 * Reads the log of a data dir, of a WAL directory, or of one segment.
 *
 * @param walDir for a data dir whose WAL is elsewhere
 * @returns undefined, and a finding, when there is no log at the path
 */
export function readLog(path: string, findings: Findings, walDir?: string): Wal | undefined {
  return unlessUnreadable(path, findings, () => {
    if (!statSync(path).isDirectory()) return readFile(path, findings)
    const { type, parts } = identifyDirectory(path)
    const directory = type === 'data-dir' ? (walDir ?? parts.wal) : path
    if (type !== 'unknown' && directory !== undefined) return readWalDirectory(directory, findings)
    return noLog(path, 'the directory holds no WAL', findings)
  })
}

/**
 * The index of the snapshot that etcd starts from, behind which it applies entries: that of the
 * `.snap` it would load, or without one that of the newest snapshot record that is committed.
 *
 * @param path where the log was read from: a data dir, or the WAL alone
 */
export function snapshotIndex(path: string, { log }: Wal, walDir?: string): Uint64 {
  const isDataDir = statSync(path).isDirectory() && identifyDirectory(path).type === 'data-dir'
  // What is wrong with the rest of the member is for `inspect` to tell.
  const unheard = new Findings()
  const loaded = isDataDir
    ? readDataDir(path, identifyDirectory(path).parts, walDir, unheard).loadedSnap
    : undefined
  return loaded?.index ?? log.startSnapshot?.index ?? 0
}

function readFile(path: string, findings: Findings): Wal | undefined {
  const source = new FileSource(path)
  try {
    if (!isSegment(source) && expectedType(path) !== 'wal') {
      return noLog(path, 'the file is no WAL segment', findings)
    }
    const segment = { path, bytes: source.size, ...parseSegmentName(basename(path)) }
    return readWalSegment(segment, findings)
  } finally {
    source.close()
  }
}

function noLog(path: string, message: string, findings: Findings): undefined {
  findings.report('FILE_NO_WAL', { path }, { message })
  return undefined
}
