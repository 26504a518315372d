import { statSync } from 'node:fs'
import { basename } from 'node:path'
import type { Findings } from '../findings/findings.ts'
import type { Uint64 } from '../proto/uint64.ts'
import { parseSegmentName } from '../wal/segment-file.ts'
import { readDataDir } from './data-dir.ts'
import { identifyDirectory } from './identify.ts'
import { unlessUnreadable } from './unreadable.ts'
import { readWalDirectory, readWalSegment, type Wal } from './wal.ts'

/** A log, and where a server would start to read it. */
export interface MemberLog {
  readonly wal: Wal
  /** The index of the snapshot that etcd starts from; only entries behind it are then applied. */
  readonly startIndex?: Uint64
}

/**
 * Reads the log of a data dir, of a WAL directory, or of one segment.
 *
 * @param walDir for a data dir whose WAL is elsewhere
 * @returns undefined, and a finding, when there is no log at the path
 */
export function readLog(path: string, findings: Findings, walDir?: string): MemberLog | undefined {
  return unlessUnreadable(path, findings, () => {
    if (!statSync(path).isDirectory()) return withStart(readFile(path, findings))
    const { type, parts } = identifyDirectory(path)
    if (type === 'data-dir') {
      const { wal, loadedSnap } = readDataDir(path, parts, walDir, findings)
      if (wal === undefined) return undefined
      return loadedSnap?.index === undefined ? { wal } : { wal, startIndex: loadedSnap.index }
    }
    if (type === 'wal-dir') return withStart(readWalDirectory(path, findings))
    findings.report('FILE_NOT_ETCD', { path }, { message: 'the directory holds no WAL' })
    return undefined
  })
}

function readFile(path: string, findings: Findings): Wal {
  const bytes = statSync(path).size
  return readWalSegment({ path, bytes, ...parseSegmentName(basename(path)) }, findings)
}

/** Without the `.snap` files, the newest snapshot record that is committed. */
function withStart(wal: Wal): MemberLog {
  const { startSnapshot } = wal.log
  return startSnapshot === undefined ? { wal } : { wal, startIndex: startSnapshot.index }
}
