import { BoltDb } from '../bolt/bolt-db.ts'
import { hasMoved } from '../bolt/has-moved.ts'
import type { Findings } from '../findings/findings.ts'
import type { Source } from '../io/source.ts'
import { nameKey } from './revision.ts'

/**
 * Reads from a db that a running etcd may be writing to: once more, when another transaction came in
 * between. bbolt never writes to the pages of the newest one, so a reading without another is of one
 * state.
 *
 * @param read its findings are taken over only when what it returns is
 * @param discard gives back what a reading that is not taken holds
 */
export function readSteadily<T>(
  source: Source,
  findings: Findings,
  read: (db: BoltDb, findings: Findings) => T,
  discard: (result: T) => void,
): T {
  const first = attempt(source, findings, read)
  if (!hasMoved(first.db)) return take(first, findings)
  discard(first.result)
  const second = attempt(source, findings, read)
  const isStill = !hasMoved(second.db)
  const message = `the file was written to while it was read${isStill ? '' : ', and again the second time'}`
  findings.report(
    isStill ? 'DB_BEING_WRITTEN' : 'DB_NEVER_STILL',
    { path: source.name },
    { message },
  )
  return take(second, findings)
}

interface Attempt<T> {
  readonly db: BoltDb
  readonly result: T
  readonly findings: Findings
}

function attempt<T>(
  source: Source,
  findings: Findings,
  read: (db: BoltDb, findings: Findings) => T,
): Attempt<T> {
  const own = findings.attempt()
  const db = new BoltDb(source, own, { nameKey })
  return { db, result: read(db, own), findings: own }
}

function take<T>({ result, findings: own }: Attempt<T>, findings: Findings): T {
  findings.adopt(own)
  return result
}
