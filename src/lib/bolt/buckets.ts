import type { BoltDb } from './bolt-db.ts'
import type { Bucket } from './bucket.ts'
import { elementsOf, type Leaf } from './leaf.ts'
import {
  BUCKET_FLAG,
  decodeLeafElement,
  decodePageHeader,
  PAGE_FLAG,
  PAGE_HEADER_BYTES,
} from './page.ts'

/** The value of a bucket's element: root page u64, sequence u64; then the page, when it is inline. */
const BUCKET_HEADER_BYTES = 16

/** More than this is not what etcd writes, and PageMarks has no numbers for it. */
const MOST_BUCKETS = 250

/** The buckets that the root bucket's leaf pages hold. */
export function readBuckets(db: BoltDb, leaves: Iterable<Leaf>): Bucket[] {
  const buckets: Bucket[] = []
  for (const leaf of leaves) {
    for (const index of elementsOf(leaf)) {
      const bucket = bucketOf(db, leaf, index, buckets.length)
      if (bucket && buckets.length < MOST_BUCKETS) buckets.push(bucket)
      else if (bucket) {
        const place = { page: leaf.page, offset: leaf.offset, path: [leaf.page] }
        const message = `there are more than ${MOST_BUCKETS} buckets; the others are not read`
        db.findings.report('DB_BUCKET_INVALID', place, { message })
        return buckets
      }
    }
  }
  return buckets
}

function bucketOf(db: BoltDb, leaf: Leaf, index: number, owner: number): Bucket | undefined {
  const { bytes, view } = db.kernel
  const element = decodeLeafElement(view, leaf.at, index)
  const { flags, keyAt, valueAt, valueBytes } = element
  const nameBytes = bytes.slice(keyAt, valueAt)
  const name = Buffer.from(nameBytes).toString()
  const offset = leaf.offset + valueAt - leaf.at
  const place = { page: leaf.page, offset, bytes: valueBytes, path: [leaf.page] }
  const invalid = (message: string): undefined => {
    db.findings.report('DB_BUCKET_INVALID', place, { message })
  }
  if (!(flags & BUCKET_FLAG)) return invalid(`the root bucket holds a row, ${JSON.stringify(name)}`)
  if (valueBytes < BUCKET_HEADER_BYTES) {
    return invalid(`bucket ${JSON.stringify(name)} has a header of ${valueBytes} bytes`)
  }
  const root = Number(view.getBigUint64(valueAt, true))
  if (root !== 0) return { name, nameBytes, owner, root }
  const page = bytes.slice(valueAt + BUCKET_HEADER_BYTES, valueAt + valueBytes)
  if (page.length < PAGE_HEADER_BYTES) {
    return invalid(`bucket ${JSON.stringify(name)} has neither a root page nor one inside`)
  }
  const header = decodePageHeader(new DataView(page.buffer), 0)
  if (header.flags !== PAGE_FLAG.leaf) {
    return invalid(`bucket ${JSON.stringify(name)} has a page inside that is no leaf page`)
  }
  const inline = { page: leaf.page, offset: offset + BUCKET_HEADER_BYTES, bytes: page }
  return { name, nameBytes, owner, inline }
}
