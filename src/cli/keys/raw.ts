import type { Findings } from '../../lib/findings/findings.ts'
import { Keyspace, type KeyspaceQuery } from '../../lib/store/keyspace.ts'
import { ValueReader } from '../../lib/store/keyspace-value.ts'
import { CommandError } from '../errors.ts'
import { ExitCode } from '../exit-codes.ts'
import type { Out } from '../out.ts'
import type { OpenKeyspace } from './listing.ts'

/**
 * Writes the value of the one key that a query is about, and nothing else.
 *
 * @throws CommandError when there is no such key
 */
export function writeRawValue(
  out: Out,
  { db, bounds }: OpenKeyspace,
  findings: Findings,
  query: KeyspaceQuery,
): void {
  const keyspace = new Keyspace(db, findings, query)
  const values = new ValueReader(db.source)
  let found = false
  for (const entry of keyspace.entries()) {
    out.write(values.read(entry))
    found = true
  }
  if (found) return
  const at = query.revision ?? bounds.revision
  const hint = findings.of('error') > 0 ? 'the file is damaged: see etcdsnap inspect' : undefined
  throw new CommandError(ExitCode.unreadable, `there is no such key at revision ${at}`, hint)
}
