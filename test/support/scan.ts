/** Scans of logs that lie in memory: the segments are written out first, since a scan opens files. */
import { writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { Finding } from '../../src/lib/findings/finding.ts'
import { Findings } from '../../src/lib/findings/findings.ts'
import { readWalDirectory, type Wal } from '../../src/lib/member/wal.ts'
import { tempDir } from './temp-dir.ts'
import { segmentName } from './wal-bytes.ts'

export interface ScannedLog {
  readonly wal: Wal
  readonly findings: Findings
  /** The findings' ids, in order. */
  readonly ids: readonly string[]
}

/** Scans segments by name; an array gets the names of a log that begins with segment 0. */
export function scanSegments(
  segments: Readonly<Record<string, Uint8Array>> | Uint8Array,
): ScannedLog {
  const byName = segments instanceof Uint8Array ? { [segmentName(0, 0)]: segments } : segments
  const directory = tempDir()
  for (const [name, bytes] of Object.entries(byName)) writeFileSync(join(directory, name), bytes)
  const findings = new Findings()
  const wal = readWalDirectory(directory, findings)
  return { wal, findings, ids: findings.list.map(({ id }) => id) }
}

/** The place of a finding, with the segment's name instead of its path. */
export function placeOf(finding: Finding | undefined): object {
  const { id, path = '', offset, bytes, record } = finding ?? {}
  return { id, segment: basename(path), offset, bytes, record }
}
