import type { FindingId } from '../lib/findings/catalogue.ts'
import type { Findings } from '../lib/findings/findings.ts'
import { ExitCode } from './exit-codes.ts'

/** Findings that say that we could not read, not that something is damaged. */
const unreadable: ReadonlySet<FindingId> = new Set([
  'FILE_UNREADABLE',
  'FILE_NOT_ETCD',
  'FILE_NO_WAL',
  'FILE_NO_DB',
  'FILE_NO_ROOM',
  'FILE_COMPRESSION_UNSUPPORTED',
  'FILE_ARCHIVE_UNCLEAR',
  'DB_NEVER_STILL',
])

/** The code `inspect` ends with: 1 for damage, 3 for what could not be read, else 0. */
export function inspectionExit(findings: Findings): ExitCode {
  if (findings.of('error') === 0) return ExitCode.ok
  const errors = [...findings.counts.keys()].filter((id) => unreadable.has(id))
  const refused = errors.reduce((sum, id) => sum + (findings.counts.get(id) ?? 0), 0)
  return findings.of('error') > refused ? ExitCode.damage : ExitCode.unreadable
}
