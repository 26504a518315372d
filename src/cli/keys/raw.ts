import type { Findings } from '../../lib/findings/findings.ts'
import type { KeyspaceQuery } from '../../lib/store/keyspace.ts'
import { ValueReader } from '../../lib/store/keyspace-value.ts'
import { CommandError } from '../errors.ts'
import { ExitCode } from '../exit-codes.ts'
import type { Out } from '../out.ts'
import type { OpenKeyspace } from './open.ts'

/**
 * Writes the value of the one key that a query is about, and nothing else.
 *
 * @throws CommandError when there is no such key
 */
export function writeRawValue(
  out: Out,
  { db, bounds, keys }: OpenKeyspace,
  findings: Findings,
  { revision = bounds.revision }: KeyspaceQuery,
): void {
  const values = new ValueReader(db.source)
  let found = false
  for (const entry of keys?.entries() ?? []) {
    out.write(values.read(entry))
    found = true
  }
  if (found) return
  const hint = findings.of('error') > 0 ? 'the file is damaged: see etcdsnap inspect' : undefined
  throw new CommandError(ExitCode.unreadable, `there is no such key at revision ${revision}`, hint)
}
