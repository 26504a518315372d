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

/** Findings that say that what was asked for cannot be had of this file. */
const refused: ReadonlySet<FindingId> = new Set(['STORE_REVISION_UNAVAILABLE'])

/** The code `inspect` ends with: 1 for damage, 3 for what could not be read, 4 for refusals, else 0. */
export function inspectionExit(findings: Findings): ExitCode {
  const countOf = (ids: ReadonlySet<FindingId>): number =>
    [...findings.counts].reduce((sum, [id, count]) => sum + (ids.has(id) ? count : 0), 0)
  const errors = findings.of('error')
  const [unread, refusals] = [countOf(unreadable), countOf(refused)]
  if (errors > unread + refusals) return ExitCode.damage
  if (unread > 0) return ExitCode.unreadable
  return refusals > 0 ? ExitCode.refused : ExitCode.ok
}
