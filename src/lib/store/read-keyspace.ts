import type { BoltDb } from '../bolt/bolt-db.ts'
import type { Findings } from '../findings/findings.ts'
import type { Source } from '../io/source.ts'
import { Keyspace, type KeyspaceQuery } from './keyspace.ts'
import { type KeyspaceBounds, readKeyspaceBounds, refusalOf } from './keyspace-bounds.ts'
import { readSteadily } from './steadily.ts'

/** What a db says to a query. */
export interface KeyspaceReading {
  readonly db: BoltDb
  readonly bounds: KeyspaceBounds
  /** Why a server would not answer, in its words. */
  readonly refusal?: string
  /** Absent when refused. */
  readonly keys?: Keyspace
}

/**
 * Reads the keys of a db. One that a running etcd writes to is read a second time when it has to be.
 *
 * @returns undefined, and a finding, when no meta page is valid
 * @throws NodeJS.ErrnoException, NoRoomError
 */
export function readKeyspace(
  source: Source,
  findings: Findings,
  query: KeyspaceQuery,
): KeyspaceReading | undefined {
  const read = (db: BoltDb, own: Findings): KeyspaceReading | undefined => {
    const opened = openRevisions(db, own, query)
    if (opened === undefined || opened.refusal !== undefined) return opened
    return { ...opened, keys: new Keyspace(db, own, query) }
  }
  return readSteadily(source, findings, read, (reading) => reading?.keys?.close())
}

/** The same without the keys, to read the rows one by one: see `revisionEntries`. */
export function openRevisions(
  db: BoltDb,
  findings: Findings,
  { revision }: KeyspaceQuery,
): KeyspaceReading | undefined {
  if (db.meta === undefined) return undefined
  const bounds = readKeyspaceBounds(db, findings)
  const refusal = revision === undefined ? undefined : refusalOf(bounds, revision)
  return refusal === undefined ? { db, bounds } : { db, bounds, refusal }
}
