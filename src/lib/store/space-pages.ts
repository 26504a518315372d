import type { BoltDb } from '../bolt/bolt-db.ts'
import { checkFreelist } from '../bolt/freelist.ts'
import { KEY_BUCKET } from './revision.ts'
import type { BucketSize } from './store-file.ts'

/** The pages of a db. */
export interface PageUse {
  /** Up to the high-water mark: with the page size what etcd calls the size of the db. */
  readonly total: number
  readonly free: number
  /** In bbolt's order. */
  readonly buckets: readonly BucketSize[]
  /** Pages of all buckets but that of the keys. */
  readonly others: number
}

/** Goes over every page that is in use. What is wrong with one is reported. */
export function readPageUse(db: BoltDb): PageUse {
  const marks = db.newMarks()
  const buckets: BucketSize[] = []
  let others = 0
  for (const bucket of db.buckets) {
    const before = marks.used
    let keys = 0
    let bytes = 0
    for (const { at, runs } of db.leaves(bucket, marks)) {
      for (let run = 0; run < runs.length; run += 2) {
        const [from = 0, to = 0] = [runs[run], runs[run + 1]]
        keys += to - from
        bytes += db.kernel.exports.rowsBytes(at, from, to)
      }
    }
    buckets.push({ name: bucket.name, keys, bytes })
    if (bucket.name !== KEY_BUCKET) others += marks.used - before
  }
  return { total: db.highWaterMark, free: checkFreelist(db, marks).count, buckets, others }
}
