import type { Findings } from '../findings/findings.ts'
import type { Source } from '../io/source.ts'
import type { Uint64 } from '../proto/uint64.ts'
import { hex16 } from '../proto/uint64.ts'
import { decodeMetaPage, hasMagic, META_PAGE_BYTES, type MetaPage } from './meta.ts'

/** Page sizes at which bbolt looks for the second meta page: 1 KiB to 16 MiB. */
const PAGE_SIZES = Array.from({ length: 15 }, (_, shift) => 1024 << shift)

/** `snapshot save` puts a SHA-256 behind the pages; they are multiples of this. */
const SECTOR = 512
const SHA256_BYTES = 32

/** One of the two meta pages of a file. */
export interface MetaOfFile {
  readonly page: 0 | 1
  /** Absent when the page is no meta page at all. */
  readonly txid?: Uint64
  readonly ok: boolean
  /** Whether bbolt would use it: of the valid ones the one with the higher txid. */
  readonly active: boolean
}

/** A bbolt file, as far as its meta pages tell. */
export interface BoltFile {
  readonly path: string
  readonly bytes: number
  /** Undefined when no meta page is valid. */
  readonly pageSize?: number
  /** Pages in use or free: the high-water mark. */
  readonly pages?: Uint64
  readonly meta: readonly MetaOfFile[]
  /** Whether the length says that a SHA-256 trailer follows the pages. */
  readonly hasTrailer: boolean
}

/** Whether a meta page stands where bbolt would look for one. */
export function isBoltFile(source: Source): boolean {
  const page = new Uint8Array(META_PAGE_BYTES)
  return [0, ...PAGE_SIZES].some((at) => {
    return source.read(at, page) === page.length && hasMagic(page)
  })
}

/** Whether a file of this length ends in a SHA-256: maybe, unless its pages are broken off. */
export function hasTrailer(bytes: number): boolean {
  return bytes % SECTOR === SHA256_BYTES
}

/**
 * Whether a file was written in one go, as a backup is, and nothing was written to it since: its meta
 * pages have the same tree, and the first one the higher txid. Source: Tx.WriteTo in tx.go @ v1.4.3.
 */
export function isCopy(source: Source): boolean {
  const [first, second] = readMetaPages(source).metas
  if (!first || !second || !isOk(first) || !isOk(second)) return false
  return first.meta.root === second.meta.root && first.meta.txid > second.meta.txid
}

/**
 * Reads both meta pages of a bbolt file and judges each by itself.
 * Source: db.go getPageSize and mmap @ bbolt v1.4.3.
 */
export function readBoltFile(source: Source, findings: Findings): BoltFile {
  const { metas, secondAt } = readMetaPages(source)
  // bbolt makes a file longer before its meta page says so.
  source.measure?.()
  const active = activeOf(metas)
  reportFaults(source, metas, secondAt, active, findings)
  const pageSize = metas[active]?.meta.pageSize
  const pages = metas[active]?.meta.highWaterMark
  checkLength(source, pageSize, pages, findings)
  return {
    path: source.name,
    bytes: source.size,
    ...(pageSize === undefined ? {} : { pageSize }),
    ...(pages === undefined ? {} : { pages }),
    meta: metas.flatMap((meta, page) =>
      meta === undefined ? [] : [metaOfFile(page as 0 | 1, meta, page === active)],
    ),
    hasTrailer: hasTrailer(source.size),
  }
}

/**
 * Both meta pages, as far as they can be read; the second one wherever it is.
 *
 * @returns their content by page number, and the file offset of the second
 */
export function readMetaPages(source: Source): {
  metas: readonly (MetaPage | undefined)[]
  secondAt: number
} {
  const first = pageAt(source, 0)
  const second = secondMeta(source, first)
  return { metas: [first, second.meta], secondAt: second.at }
}

/** A page without the magic is no meta page: what stands where its txid would be says nothing. */
function metaOfFile(page: 0 | 1, meta: MetaPage, active: boolean): MetaOfFile {
  const txid = meta.fault === 'invalid database' ? {} : { txid: meta.meta.txid }
  return { page, ...txid, ok: isOk(meta), active }
}

function pageAt(source: Source, at: number): MetaPage | undefined {
  const page = new Uint8Array(META_PAGE_BYTES)
  return source.read(at, page) === page.length ? decodeMetaPage(page) : undefined
}

/** Where a valid first meta says, else wherever a valid one is found, else at the usual 4 KiB. */
function secondMeta(
  source: Source,
  first: MetaPage | undefined,
): { at: number; meta: MetaPage | undefined } {
  if (first && isOk(first))
    return { at: first.meta.pageSize, meta: pageAt(source, first.meta.pageSize) }
  for (const at of PAGE_SIZES) {
    const meta = pageAt(source, at)
    if (meta && isOk(meta) && meta.meta.pageSize === at) return { at, meta }
  }
  return { at: 4096, meta: pageAt(source, 4096) }
}

function activeOf(metas: readonly (MetaPage | undefined)[]): number {
  const [first, second] = metas.map((meta) => (meta && isOk(meta) ? meta.meta.txid : undefined))
  if (first === undefined) return second === undefined ? -1 : 1
  return second !== undefined && second > first ? 1 : 0
}

function isOk(meta: MetaPage): boolean {
  return meta.fault === undefined
}

function reportFaults(
  source: Source,
  metas: readonly (MetaPage | undefined)[],
  secondAt: number,
  active: number,
  findings: Findings,
): void {
  for (const [page, meta] of metas.entries()) {
    if (meta && isOk(meta)) continue
    const place = { path: source.name, offset: page === 0 ? 0 : secondAt, page }
    findings.report('DB_META_INVALID', place, {
      message: `meta page ${page} is not valid: ${meta?.fault ?? 'the file ends before it'}`,
      ...expectation(meta),
    })
  }
  if (active >= 0) return
  findings.report('DB_NO_META', { path: source.name }, { message: 'neither meta page is valid' })
}

function expectation(meta: MetaPage | undefined): { expected: string; found: string } {
  if (meta === undefined) {
    return { expected: `${META_PAGE_BYTES} bytes`, found: 'the end of the file' }
  }
  if (meta.fault === 'impossible page size') {
    return { expected: 'a power of two from 1024 to 16777216', found: String(meta.meta.pageSize) }
  }
  return { expected: hex16(meta.checksum.stored), found: hex16(meta.checksum.computed) }
}

/** A file may be longer, by what was preallocated or by a SHA-256, but never shorter. */
function checkLength(
  source: Source,
  pageSize: number | undefined,
  pages: Uint64 | undefined,
  findings: Findings,
): void {
  if (pageSize === undefined || pages === undefined) return
  const wanted = BigInt(pages) * BigInt(pageSize)
  if (source.size >= wanted) return
  findings.report(
    'DB_TRUNCATED',
    { path: source.name, offset: source.size },
    {
      message: `the file is ${wanted - BigInt(source.size)} bytes shorter than its ${pages} pages`,
      expected: `${wanted} bytes`,
      found: `${source.size} bytes`,
    },
  )
}
