import type { BoltDb, LoadedPage } from '../bolt/bolt-db.ts'
import { freeRuns } from '../bolt/free-runs.ts'
import { decodeMetaPage, META_PAGE_BYTES } from '../bolt/meta.ts'
import { decodeMetaFields } from '../bolt/meta-fields.ts'
import { BUCKET_FLAG, decodePageHeader, PAGE_HEADER_BYTES, type PageHeader } from '../bolt/page.ts'
import { elementsOn, type PageElement, usedOn } from '../bolt/page-elements.ts'
import { kindOf, type ListedPage, listPages } from '../bolt/page-listing.ts'
import type { PageMap } from '../bolt/page-map.ts'
import { pathTo } from '../bolt/page-path.ts'
import type { PageStats } from '../bolt/page-stats.ts'
import { canonical, hex16 } from '../proto/uint64.ts'
import type { Disclosure } from './bytes.ts'
import { boltKey, rowReport } from './page-row.ts'

/** The head of `inspect pages`' document: the file, and what its pages come to. */
export function pagesReport({ source, reader, meta, highWaterMark, file }: BoltDb): object {
  return {
    path: source.name,
    pageSize: meta ? reader.pageSize : undefined,
    highWaterMark: meta ? highWaterMark : undefined,
    activeMeta: file.meta.find(({ active }) => active)?.page,
  }
}

/**
 * The `page` line of docs/contract.md.
 *
 * @param findings ids of what was found on the page
 */
export function pageLine(page: ListedPage, findings?: readonly string[]): object {
  const { id, kind, elements, overflow, overflowOf, bucket, reachable, free, first, last } = page
  return {
    type: 'page',
    id,
    kind,
    overflow,
    elements,
    overflowOf,
    bucket,
    reachable,
    free,
    first: first && boltKey(bucket, first.key),
    last: last && boltKey(bucket, last.key),
    findings,
  }
}

/** What of pages is to be shown besides their elements. */
export interface PageOptions extends Disclosure {
  readonly hex?: boolean | undefined
}

/**
 * One page in detail. What cannot be read is left out. A free page still has what it held before.
 *
 * @param listed its line in the list of all pages
 */
export function pageDetail(
  db: BoltDb,
  listed: ListedPage,
  options: PageOptions,
): { readonly [field: string]: unknown } {
  const { id, kind, overflowOf, bucket, reachable, free } = listed
  const use = { overflowOf, bucket, reachable, free }
  const offset = id * db.reader.pageSize
  const head = { type: 'page', id, kind }
  const header = kind === 'overflow' ? undefined : headerOf(db, id)
  if (header === undefined) {
    const bytes = db.reader.pageSize
    return { ...head, ...use, offset, bytes, hex: hexOf(db, id, options) }
  }
  return {
    ...head,
    overflow: header.overflow,
    elements: header.count,
    ...use,
    offset,
    bytes: (header.overflow + 1) * db.reader.pageSize,
    header: { id: header.id, flags: header.flags },
    content: kind === 'free' ? kindOf(header) : undefined,
    path: reachable ? pathOf(db, id, bucket) : undefined,
    ...contentOf(db, id, bucket, options),
    hex: hexOf(db, id, options),
  }
}

/** The lines of some pages in the list of all. */
export function findPages(
  db: BoltDb,
  map: PageMap | undefined,
  ids: readonly number[],
): ReadonlyMap<number, ListedPage> {
  const wanted = new Set(ids)
  const found = new Map<number, ListedPage>()
  for (const { first: _first, last: _last, ...page } of listPages(db, map)) {
    if (wanted.has(page.id)) found.set(page.id, page)
    if (found.size === wanted.size) break
  }
  return found
}

/** Counts by kind and bucket. */
export function statsReport({ kinds, buckets }: PageStats): object {
  return { kinds: Object.fromEntries(kinds), buckets }
}

function contentOf(
  db: BoltDb,
  id: number,
  bucket: string | undefined,
  options: PageOptions,
): object {
  const page = db.page(id)
  if (page === undefined) return {}
  switch (kindOf(page.header)) {
    case 'meta':
      return { meta: metaReport(db, page, id) }
    case 'freelist':
      return { freePages: [...freeRuns(db, page)] }
    case 'branch': {
      const children = [...elementsOn(db, page)].map((each) => childReport(bucket, each))
      return { used: usedOn(db, page), children }
    }
    case 'leaf':
      return { used: usedOn(db, page), ...leafReport(db, page, bucket, options) }
    default:
      return {}
  }
}

function metaReport(db: BoltDb, { at }: LoadedPage, id: number): object {
  const { view, bytes } = db.kernel
  const { checksum, fault } = decodeMetaPage(bytes.subarray(at, at + META_PAGE_BYTES))
  const { magic, freelist, ...fields } = decodeMetaFields(view, at)
  const isNone = BigInt(freelist) === 0xffff_ffff_ffff_ffffn
  return {
    magic: magic.toString(16).padStart(8, '0'),
    ...fields,
    freelist: isNone ? undefined : freelist,
    checksum: {
      stored: hex16(checksum.stored),
      computed: hex16(checksum.computed),
      ok: checksum.stored === checksum.computed,
    },
    ok: fault === undefined,
    fault,
    active: db.file.meta.some((meta) => meta.page === id && meta.active),
  }
}

function childReport(bucket: string | undefined, element: PageElement): object {
  const { index, position, keyBytes, key, child } = element
  const outside = key === undefined || undefined
  return { index, position, keyBytes, page: child, ...boltKey(bucket, key), outside }
}

/** Rows, and on pages of the root tree buckets with what is inside them. */
function leafReport(
  db: BoltDb,
  page: LoadedPage,
  bucket: string | undefined,
  options: PageOptions,
): object {
  const elements = [...elementsOn(db, page)]
  const isBucket = ({ flags = 0 }: PageElement): boolean => (flags & BUCKET_FLAG) !== 0
  const rows = elements
    .filter((each) => !isBucket(each))
    .map((each) => rowReport(bucket, each, options))
  // What is inside an element is read to where the page is, which is then gone.
  const buckets = elements.filter(isBucket).map(bucketHead)
  const inside = buckets.map(({ inline, ...head }) => ({
    ...head,
    rows: inline && inlineRows(db, head.name, inline, options),
  }))
  return {
    rows: rows.length > 0 || inside.length === 0 ? rows : undefined,
    buckets: inside.length > 0 ? inside : undefined,
  }
}

/** A bucket's element: root page u64, sequence u64; then the page, when it is inline. */
function bucketHead({ index, position, keyBytes, valueBytes, key, value }: PageElement) {
  const view = value && new DataView(value.buffer, value.byteOffset, value.byteLength)
  const header = view && view.byteLength >= 16 ? view : undefined
  const root = header?.getBigUint64(0, true)
  return {
    index,
    position,
    keyBytes,
    valueBytes,
    name: Buffer.from(key ?? []).toString(),
    root: root ? canonical(root) : undefined,
    sequence: header && canonical(header.getBigUint64(8, true)),
    inline: root === 0n ? value?.slice(16) : undefined,
  }
}

function inlineRows(
  db: BoltDb,
  bucket: string,
  bytes: Uint8Array,
  options: PageOptions,
): object[] | undefined {
  if (bytes.length < PAGE_HEADER_BYTES) return undefined
  const at = db.reader.place(bytes)
  const header = decodePageHeader(db.kernel.view, at)
  const page = { at, bytes: bytes.length, header }
  return [...elementsOn(db, page)].map((each) => rowReport(bucket, each, options))
}

function pathOf(db: BoltDb, id: number, bucket: string | undefined): number[] | undefined {
  const root = bucket === undefined ? Number(db.meta?.root) : db.bucket(bucket)?.root
  return root === undefined ? undefined : pathTo(db, root, id)
}

function headerOf(db: BoltDb, id: number): PageHeader | undefined {
  const at = db.reader.locate(id, 1)
  return at < 0 ? undefined : decodePageHeader(db.kernel.view, at)
}

function hexOf(db: BoltDb, id: number, { hex }: PageOptions): string | undefined {
  if (!hex) return undefined
  const page = db.page(id)
  const at = page?.at ?? db.reader.locate(id, 1)
  const bytes = page?.bytes ?? db.reader.pageSize
  return at < 0 ? undefined : Buffer.from(db.kernel.bytes.subarray(at, at + bytes)).toString('hex')
}
