import type { Findings } from '../../lib/findings/findings.ts'
import { openDb } from '../../lib/member/open-db.ts'
import type { Uint64 } from '../../lib/proto/uint64.ts'
import { readKeyspaceBounds, refusalOf } from '../../lib/store/keyspace-bounds.ts'
import { CommandError } from '../errors.ts'
import { ExitCode } from '../exit-codes.ts'
import type { OpenKeyspace } from './listing.ts'

/**
 * Opens the keyspace of a db as it was at a revision.
 *
 * @returns undefined, and a finding, when there is no db
 * @throws CommandError when the db does not have the revision
 */
export async function openKeyspace(
  path: string,
  revision: Uint64 | undefined,
  findings: Findings,
): Promise<OpenKeyspace | undefined> {
  const open = await openDb(path, findings)
  if (open === undefined) return undefined
  const bounds = readKeyspaceBounds(open.db, findings)
  const refusal = revision === undefined ? undefined : refusalOf(bounds, revision)
  if (refusal === undefined) return { ...open, bounds }
  const { compactRevision = 1 } = bounds
  throw new CommandError(
    ExitCode.refused,
    refusal,
    `the file has revisions ${compactRevision} to ${bounds.revision}`,
  )
}
