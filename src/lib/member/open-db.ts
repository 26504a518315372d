import { BoltDb } from '../bolt/bolt-db.ts'
import type { Findings } from '../findings/findings.ts'
import { openSource } from '../io/open-source.ts'
import { below, isDirectory } from '../io/paths.ts'
import { fileNameOf, type Source } from '../io/source.ts'
import { unlessUnreadable } from '../io/unreadable.ts'
import { nameKey } from '../store/revision.ts'
import { expectedType, identifyDirectory, identifyFile } from './identify.ts'

/** A db, and where it is: below the path that was given, when that is a data dir. */
export interface OpenDb {
  readonly path: string
  readonly db: BoltDb
}

/**
 * Opens the file of a db, a backup, a `.snap.db`, or of the db of a data dir. To be closed by the
 * caller.
 *
 * @returns undefined, and a finding, when there is none
 */
export async function openDbFile(path: string, findings: Findings): Promise<Source | undefined> {
  const file = unlessUnreadable(path, findings, () => (isDirectory(path) ? dbOf(path) : path))
  if (file === undefined) {
    if (findings.of('error') === 0) report(path, 'the directory holds no db', findings)
    return undefined
  }
  const source = await openSource(file, findings)
  if (source === undefined) return undefined
  const type = identifyFile(source) ?? expectedType(fileNameOf(source))
  const isDb = type === 'db' || type === 'backup' || type === 'snap-db'
  if (isDb && source.size > 0) return source
  if (isDb) findings.report('FILE_EMPTY', { path: file }, { message: 'the file holds no bytes' })
  else report(path, 'the file is no db and no backup', findings)
  source.close()
  return undefined
}

/**
 * The same, as a bbolt file. Its source is to be closed by the caller.
 *
 * @param damaged whether a db without a valid meta page will do: then it has no buckets
 */
export async function openDb(
  path: string,
  findings: Findings,
  damaged = false,
): Promise<OpenDb | undefined> {
  const source = await openDbFile(path, findings)
  if (source === undefined) return undefined
  const db = new BoltDb(source, findings, { nameKey })
  if (db.meta || damaged) return { path, db }
  source.close()
  return undefined
}

function dbOf(directory: string): string | undefined {
  const { snap } = identifyDirectory(directory).parts
  return snap === undefined ? undefined : below(snap, 'db')
}

function report(path: string, message: string, findings: Findings): void {
  findings.report('FILE_NO_DB', { path }, { message })
}
