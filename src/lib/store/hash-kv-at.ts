import { BoltDb } from '../bolt/bolt-db.ts'
import { Findings } from '../findings/findings.ts'
import type { Source } from '../io/source.ts'
import type { Uint64 } from '../proto/uint64.ts'
import type { HashKv } from './hash-kv.ts'
import { KeyspaceScan } from './keyspace-scan.ts'
import { KEY_BUCKET } from './revision.ts'

/**
 * The hash of the keyspace as it was at a revision, as `etcdctl endpoint hashkv --rev` shows it.
 *
 * What is wrong with the file is not reported once more.
 *
 * @param compacted the compact revision; undefined when nothing was ever compacted
 * @param revision from the compact revision to the current one: the caller has seen to that
 * @returns nothing when there is no key bucket
 */
export function hashKvAt(
  source: Source,
  compacted: Uint64 | undefined,
  revision: Uint64,
): HashKv[] {
  const db = new BoltDb(source, new Findings(0))
  const bucket = db.bucket(KEY_BUCKET)
  if (bucket === undefined) return []
  const scan = new KeyspaceScan(db, bucket, new Findings(0), { compacted, limit: revision })
  scan.run()
  return scan.hashKv(revision)
}
