import type { BoltDb } from '../bolt/bolt-db.ts'
import type { Findings } from '../findings/findings.ts'
import { canonical, larger, type Uint64 } from '../proto/uint64.ts'
import { BucketRows, UnknownKeys } from './bucket-rows.ts'
import { readMeta } from './meta.ts'
import { decodeRevision, encodeRevision, isRevision, KEY_BUCKET } from './revision.ts'

/** From which revision to which a store can tell what its keyspace was. */
export interface KeyspaceBounds {
  /** The current revision, as a server has it after loading the file. */
  readonly revision: Uint64
  /** The larger one of scheduled and finished; absent when nothing was ever compacted. */
  readonly compactRevision?: Uint64
}

/** The last main revision a row can have: etcd's are signed. */
const LAST = 2n ** 63n - 1n

/**
 * Reads the bounds without reading the rows between them. A store begins with revision 1, of which
 * there is no row. Source: restore in mvcc/kvstore.go @ v3.5.33.
 */
export function readKeyspaceBounds(db: BoltDb, findings: Findings): KeyspaceBounds {
  const { name } = db.source
  const rows = new BucketRows('meta', db.rows('meta'), name, findings, new UnknownKeys())
  const { scheduledCompactRevision: scheduled, finishedCompactRevision: finished } = readMeta(rows)
  const compactRevision = larger(scheduled ?? 0, finished ?? 0)
  const revision = larger(larger(lastMain(db), compactRevision), 1)
  return compactRevision === 0 ? { revision } : { revision, compactRevision }
}

/** Why a server would not show the keyspace of a revision; in its words. Undefined when it would. */
export function refusalOf(
  { revision, compactRevision }: KeyspaceBounds,
  asked: Uint64,
): string | undefined {
  if (asked > revision) return 'required revision is a future revision'
  if (compactRevision !== undefined && asked < compactRevision) {
    return 'required revision has been compacted'
  }
  return undefined
}

/** The main revision of the last row; 0 without rows. Each look costs a way from root to leaf. */
function lastMain(db: BoltDb): Uint64 {
  let last = 0n
  let step = 1n
  const look = (): boolean => {
    const found = last + step > LAST ? undefined : firstFrom(db, last + step)
    if (found !== undefined) last = found
    return found !== undefined
  }
  while (look()) step *= 2n
  for (step /= 2n; step > 0n; step /= 2n) look()
  return canonical(last)
}

/** The main revision of the first row at or above one. */
function firstFrom(db: BoltDb, main: bigint): bigint | undefined {
  for (const { key } of db.rows(KEY_BUCKET, encodeRevision(main))) {
    if (!isRevision(key)) continue
    const found = BigInt(decodeRevision(key).main)
    // On a damaged page keys may stand in any order.
    return found >= main ? found : undefined
  }
  return undefined
}
