import type { BoltDb } from './bolt-db.ts'
import { decodePageHeader } from './page.ts'
import { usedOn } from './page-elements.ts'
import { listPages, type PageKind } from './page-listing.ts'
import type { PageMap } from './page-map.ts'
import { depthOf } from './page-path.ts'

/** Pages of one kind in a bucket's tree. */
export interface KindStats {
  pages: number
  overflow: number
  /** Of all of them, with their overflow. */
  bytes: number
  /** Of those, up to the end of each page's last element. */
  inUse: number
}

/** What bbolt's BucketStats says of a bucket. */
export interface BucketStats {
  readonly name: string
  /** Rows. */
  keys: number
  /** Levels of its tree, 1 when it is a single leaf. */
  readonly depth: number
  readonly branch: KindStats
  readonly leaf: KindStats
  /** Bytes of a bucket that has no page of its own, but lies in a leaf page of the root tree. */
  readonly inline?: number
}

/** What all pages of a file come to. */
export interface PageStats {
  /** How many there are of each kind. */
  readonly kinds: ReadonlyMap<PageKind, number>
  readonly buckets: readonly BucketStats[]
}

/** Counts pages and what is used of them. Source: Bucket.Stats in bucket.go @ bbolt v1.4.3. */
export function pageStats(db: BoltDb, map: PageMap): PageStats {
  const kinds = new Map<PageKind, number>()
  const buckets = new Map(db.buckets.map(({ name }) => [name, emptyStats(db, name)]))
  for (const { id, kind, bucket, elements = 0, overflow = 0 } of listPages(db, map)) {
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1)
    const stats = bucket === undefined ? undefined : buckets.get(bucket)
    if (stats === undefined || (kind !== 'leaf' && kind !== 'branch')) continue
    const page = db.page(id)
    const part = stats[kind]
    part.pages += 1
    part.overflow += overflow
    part.bytes += (overflow + 1) * db.reader.pageSize
    part.inUse += page ? usedOn(db, page) : 0
    if (kind === 'leaf') stats.keys += elements
  }
  return { kinds, buckets: [...buckets.values()] }
}

function emptyStats(db: BoltDb, name: string): BucketStats {
  const { inline, root } = db.bucket(name) ?? {}
  const none = (): KindStats => ({ pages: 0, overflow: 0, bytes: 0, inUse: 0 })
  const parts = { name, branch: none(), leaf: none() }
  if (inline === undefined) return { ...parts, keys: 0, depth: root ? depthOf(db, root) : 0 }
  const at = db.reader.place(inline.bytes)
  const header = decodePageHeader(db.kernel.view, at)
  const page = { at, bytes: inline.bytes.length, header }
  return { ...parts, keys: header.count, depth: 1, inline: usedOn(db, page) }
}
