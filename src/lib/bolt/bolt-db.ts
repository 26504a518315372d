import type { Findings } from '../findings/findings.ts'
import type { Source } from '../io/source.ts'
import { type BoltFile, readBoltFile, readMetaPages } from './bolt-file.ts'
import { type Bucket, NO_BUCKET } from './bucket.ts'
import { readBuckets } from './buckets.ts'
import { BoltKernel } from './kernel.ts'
import { type Leaf, rowsOf } from './leaf.ts'
import type { BoltMeta } from './meta.ts'
import { decodePageHeader, type PageHeader } from './page.ts'
import { type NameKey, PageFindings } from './page-findings.ts'
import { judgePage } from './page-judge.ts'
import { PageMarks } from './page-marks.ts'
import { PageReader } from './page-reader.ts'
import type { Row } from './row.ts'
import { TreeWalk } from './tree.ts'

/** How to open a bbolt file. */
export interface BoltOptions {
  /** What keys mean, for findings. */
  readonly nameKey?: NameKey
  /** The meta page to go by, instead of the one that bbolt would use. */
  readonly meta?: 0 | 1
}

/** A page as it lies in the kernel's memory: good until the next page is read. */
export interface LoadedPage {
  /** Address. */
  readonly at: number
  /** With its overflow. */
  readonly bytes: number
  readonly header: PageHeader
}

/** A bbolt file opened for reading: its buckets, and what is in them. */
export class BoltDb {
  readonly source: Source
  readonly file: BoltFile
  /** What the file is read by; undefined when no meta page is valid, and nothing can be read. */
  readonly meta: BoltMeta | undefined
  readonly kernel: BoltKernel
  readonly reader: PageReader
  /** Pages that there are by the meta page: ids at and above do not exist. */
  readonly highWaterMark: number
  /** Of those, how many the file is long enough for. */
  readonly pages: number
  /** In bbolt's order. */
  readonly buckets: readonly Bucket[]
  readonly findings: PageFindings
  private readonly nameKey: NameKey
  /** Meta pages and the root tree's. */
  private readonly rootMarks: PageMarks

  /** Reads both meta pages and the root bucket; what is wrong with them is reported. */
  constructor(source: Source, findings: Findings, options: BoltOptions = {}) {
    this.source = source
    this.file = readBoltFile(source, findings)
    this.nameKey = options.nameKey ?? nameInHex
    this.findings = new PageFindings(source.name, findings)
    this.kernel = new BoltKernel(source.size)
    const used = options.meta ?? this.file.meta.find(({ active }) => active)?.page
    const page = used === undefined ? undefined : readMetaPages(source).metas[used]
    // A running etcd may have written to it since.
    this.meta = page?.fault === undefined ? page?.meta : undefined
    const pageSize = this.meta?.pageSize ?? 4096
    this.reader = new PageReader(source, pageSize, this.kernel)
    this.highWaterMark = Number(this.meta?.highWaterMark ?? 0)
    this.pages = Math.min(this.highWaterMark, Math.ceil(source.size / pageSize))
    this.rootMarks = new PageMarks(this.pages)
    this.rootMarks.claim(0, 2, NO_BUCKET)
    this.buckets = this.meta ? readBuckets(this, this.rootWalk(Number(this.meta.root))) : []
  }

  bucket(name: string): Bucket | undefined {
    return this.buckets.find((bucket) => bucket.name === name)
  }

  /** Marks in which only what belongs to no bucket is in use. */
  newMarks(): PageMarks {
    return this.rootMarks.copy()
  }

  /**
   * The leaf pages of a bucket in the order of its keys.
   *
   * @param marks to find out what is in use by several walks; else each walk has its own
   * @param from begin at the leaf that holds this key, or would hold it
   */
  leaves(bucket: Bucket, marks: PageMarks = this.newMarks(), from?: Uint8Array): Iterable<Leaf> {
    const { name, root, owner, inline } = bucket
    if (inline) return this.inlineLeaf(inline)
    if (root === undefined) return []
    return new TreeWalk({ ...this.common(), bucket: name, root, marks, owner }).leaves(from)
  }

  /**
   * The rows of a bucket in the order of its keys; none when there is no such bucket.
   *
   * @param from begin at this key, or the next one
   */
  *rows(name: string, from?: Uint8Array): Iterable<Row> {
    const bucket = this.bucket(name)
    if (bucket === undefined) return
    for (const leaf of this.leaves(bucket, undefined, from)) {
      const { bytes, view } = this.kernel
      for (const row of rowsOf(leaf, bytes, view)) {
        if (from === undefined || Buffer.compare(row.key, from) >= 0) yield row
      }
    }
  }

  /**
   * One leaf page of a bucket once more, without judging it; undefined when it cannot be read.
   *
   * @returns its address in the kernel's memory, and how many bytes it has with its overflow
   */
  leafPage({ inline }: Bucket, page: number): LoadedPage | undefined {
    const { reader, kernel } = this
    if (inline) {
      const at = reader.place(inline.bytes)
      return { at, bytes: inline.bytes.length, header: decodePageHeader(kernel.view, at) }
    }
    return this.page(page)
  }

  /** A page with its overflow, without judging it; undefined when it cannot be read. */
  page(id: number): LoadedPage | undefined {
    const { reader, kernel } = this
    let at = reader.locate(id, 1)
    if (at < 0) return undefined
    const header = decodePageHeader(kernel.view, at)
    const pages = header.overflow + 1
    if (pages > 1) at = reader.locate(id, pages)
    return at < 0 ? undefined : { at, bytes: pages * reader.pageSize, header }
  }

  /** A bucket inside its element is one leaf page, without a place of its own. */
  private *inlineLeaf({ page, offset, bytes }: NonNullable<Bucket['inline']>): Iterable<Leaf> {
    const at = this.reader.place(bytes)
    const { count } = decodePageHeader(this.kernel.view, at)
    const place = () => ({ page, offset, path: [page] })
    this.findings.begin()
    const judged = { at, bytes: bytes.length, count, place }
    const { runs, start, end } = judgePage(this.kernel, 'leaf', judged, this.findings)
    yield { page, at, offset, runs, start, end }
  }

  private rootWalk(root: number): Iterable<Leaf> {
    const marks = this.rootMarks
    return new TreeWalk({
      ...this.common(),
      bucket: 'root',
      root,
      marks,
      owner: NO_BUCKET,
    }).leaves()
  }

  private common() {
    const { reader, kernel, findings, highWaterMark, nameKey } = this
    return { reader, kernel, findings, highWaterMark, nameKey }
  }
}

function nameInHex(_bucket: string, key: Uint8Array): { text: string } {
  return { text: `key ${Buffer.from(key.subarray(0, 64)).toString('hex')}` }
}
