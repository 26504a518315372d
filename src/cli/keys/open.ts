import { BoltDb } from '../../lib/bolt/bolt-db.ts'
import type { Findings } from '../../lib/findings/findings.ts'
import { openDbFile } from '../../lib/member/open-db.ts'
import type { KeyspaceQuery } from '../../lib/store/keyspace.ts'
import { type KeyspaceReading, openRevisions, readKeyspace } from '../../lib/store/read-keyspace.ts'
import { nameKey } from '../../lib/store/revision.ts'
import { CommandError } from '../errors.ts'
import { ExitCode } from '../exit-codes.ts'

/** What was read of a db, and the path that it was found by. */
export interface OpenKeyspace extends KeyspaceReading {
  readonly path: string
}

/**
 * Opens the keyspace of a db, and reads the keys, unless they are to be read in the order of the file.
 *
 * @returns undefined, and a finding, when there is no db that can be read
 * @throws CommandError when the db does not have the revision asked for
 */
export async function openKeyspace(
  path: string,
  query: KeyspaceQuery,
  inFileOrder: boolean,
  findings: Findings,
): Promise<OpenKeyspace | undefined> {
  const source = await openDbFile(path, findings)
  if (source === undefined) return undefined
  const reading = inFileOrder
    ? openRevisions(new BoltDb(source, findings, { nameKey }), findings, query)
    : readKeyspace(source, findings, query)
  if (reading?.refusal === undefined) return reading && { path, ...reading }
  const { compactRevision = 1, revision } = reading.bounds
  const damage = findings.of('error') > 0 ? ', as far as it can be read: it is damaged' : ''
  throw new CommandError(
    ExitCode.refused,
    reading.refusal,
    `the file has revisions ${compactRevision} to ${revision}${damage}`,
  )
}
