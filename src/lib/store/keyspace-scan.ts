import { randomInt } from 'node:crypto'
import type { BoltDb, LoadedPage } from '../bolt/bolt-db.ts'
import type { Bucket } from '../bolt/bucket.ts'
import { hashOf, type Leaf } from '../bolt/leaf.ts'
import { decodeLeafElement, ELEMENT_BYTES, PAGE_HEADER_BYTES } from '../bolt/page.ts'
import type { PageMarks } from '../bolt/page-marks.ts'
import type { Row } from '../bolt/row.ts'
import { crc32c } from '../checksum/crc32c.ts'
import type { Findings } from '../findings/findings.ts'
import { canonical, type Uint64 } from '../proto/uint64.ts'
import type { HashKv } from './hash-kv.ts'
import { ROW_FAULT, StoreKernel } from './kernel.ts'
import { LeafList } from './leaf-list.ts'
import { decodeRevision, KEY_BUCKET } from './revision.ts'
import { reportRevision, reportUndecodable } from './revision-rows.ts'
import { SameKey } from './same-key.ts'

/** Rows that wait to be sorted, and room for copies of their keys. */
const MOST_WAITING = 256 * 1024
const WAITING_BYTES = 8 * 1024 * 1024

/** Copies of keys, to compare others with; when it is full, the file is asked. */
const COPY_BYTES = 24 * 1024 * 1024

/** A row in the file takes an element and a revision at least, and a copy of its key so much more. */
const SMALLEST_ROW = 33
const LARGEST_COPY_HEADER = 16

/** The longest key that is copied, and then some. */
const SMALLEST_ROOM = 8 * 1024

const NO_LIMIT = 0xffff_ffff_ffff_ffffn

/** What to look at. */
export interface ScanOptions {
  /** Main revision up to which everything was compacted. */
  readonly compacted?: Uint64 | undefined
  /** Rows above this main revision are passed over. */
  readonly limit?: Uint64 | undefined
  /** How much room there is for copies of keys. */
  readonly copyBytes?: number
}

/**
 * One pass over the key bucket that counts what is live and computes its hashes. It keeps 16 bytes
 * for each different key, 12 for each leaf page, copies of keys up to 24 MiB, and 16 MiB for rows
 * that wait to be sorted. One scan fills the memory of a BoltDb's kernel: another one needs another
 * BoltDb.
 */
export class KeyspaceScan {
  /** Of all rows, whether they decode or not. */
  rows = 0
  bytes = 0
  crc = 0
  private readonly db: BoltDb
  private readonly bucket: Bucket
  private readonly findings: Findings
  private readonly options: ScanOptions
  private readonly kernel: StoreKernel
  private readonly leaves: LeafList
  private readonly marksAt: number

  constructor(db: BoltDb, bucket: Bucket, findings: Findings, options: ScanOptions = {}) {
    this.db = db
    this.bucket = bucket
    this.findings = findings
    this.options = options
    this.leaves = new LeafList(db.pages + 1)
    this.kernel = new StoreKernel(db.kernel, new SameKey(db, bucket, this.leaves))
    this.marksAt = db.kernel.reserve(db.pages / 8 + 1)
    const sizes = roomFor(db.source.size, options.copyBytes)
    const { exports } = this.kernel
    const room = db.kernel.reserve(exports.roomBytes(...sizes))
    const table = db.kernel.reserve(0)
    exports.begin(table, room, ...sizes, this.marksAt, randomInt(2 ** 32 - 1))
    this.kernel.setUint64('limit', options.limit === undefined ? NO_LIMIT : BigInt(options.limit))
    this.kernel.setUint64('compacted', BigInt(options.compacted ?? 0))
  }

  /** @param marks where the pages of the bucket are noted as in use */
  run(marks?: PageMarks): void {
    for (const leaf of this.db.leaves(this.bucket, marks)) this.add(leaf)
    this.kernel.exports.settle()
  }

  get live(): number {
    return this.kernel.get('live')
  }

  get records(): number {
    return this.kernel.get('records')
  }

  get tombstones(): number {
    return this.kernel.get('tombstones')
  }

  /** Different keys. */
  get keys(): number {
    return this.kernel.get('keys')
  }

  /** Main revision of the last row; undefined when there is none. */
  get lastRevision(): Uint64 | undefined {
    return this.records === 0 ? undefined : canonical(this.kernel.getUint64('last'))
  }

  /**
   * The hash of the keyspace as servers compute it; two when it depends on the server's version.
   * Means something only when every page could be read.
   *
   * @param revision the current one, or the limit of the scan
   */
  hashKv(revision: Uint64): HashKv[] {
    const { compacted } = this.options
    const compactRevision = compacted ?? -1
    const today = { rule: '3.5.16', hash: this.hash(false), revision, compactRevision } as const
    if (this.live > 0 || compacted === undefined) return [today]
    const hash = this.hash(true)
    return hash === today.hash ? [today] : [today, { ...today, rule: '3.4', hash }]
  }

  /** The CRC-32C of something followed by all rows, from that of the something. */
  hashBehind(crc: number): number {
    return this.kernel.exports.combine(crc, this.crc, this.bytes) >>> 0
  }

  /** How many leaf pages are no longer what they were when they were read. */
  changedPages(): number {
    const { db, bucket, leaves } = this
    let changed = 0
    for (let leaf = 0; leaf < leaves.length; leaf++) {
      const page = db.leafPage(bucket, leaves.pageOf(leaf))
      const crc = page && this.crcOf(page)
      if (crc !== leaves.crcOf(leaf)) changed += 1
    }
    return changed
  }

  private crcOf({ at, bytes, header: { count } }: LoadedPage): number | undefined {
    const { exports } = this.db.kernel
    if (PAGE_HEADER_BYTES + count * ELEMENT_BYTES > bytes) return undefined
    if (exports.leaf(at, bytes, 0, count, false) !== count) return undefined
    return exports.rowsCrc32c(at, 0, count, 0) >>> 0
  }

  /** @param deleted whether a deletion counts that is the compact revision, with nothing left live */
  private hash(deleted: boolean): number {
    const { leaves, kernel } = this
    const behindPartial = kernel.get('partial')
    let crc = crc32c(Buffer.from(KEY_BUCKET))
    for (let leaf = 0; leaf < leaves.length; leaf++) {
      crc =
        leaf < behindPartial && this.isMarked(leaf)
          ? this.hashRows(leaf, crc, deleted)
          : kernel.exports.combine(crc, leaves.crcOf(leaf), leaves.bytesOf(leaf))
    }
    return crc >>> 0
  }

  private isMarked(leaf: number): boolean {
    return ((this.db.kernel.bytes[this.marksAt + (leaf >> 3)] as number) & (1 << (leaf & 7))) !== 0
  }

  private hashRows(leaf: number, crc: number, deleted: boolean): number {
    const { db, bucket, leaves, kernel } = this
    const page = db.leafPage(bucket, leaves.pageOf(leaf))
    if (page === undefined) return crc
    const { at, bytes, header } = page
    // The page may have been written to since.
    if (PAGE_HEADER_BYTES + header.count * ELEMENT_BYTES > bytes) return crc
    const sound = db.kernel.exports.leaf(at, bytes, 0, header.count, false)
    if (sound !== header.count) return crc
    return kernel.exports.hashRows(at, 0, header.count, leaf, crc, this.live === 0, deleted)
  }

  private add(leaf: Leaf): void {
    const { kernel, db, leaves } = this
    const number = leaves.add(leaf.page)
    for (let run = 0; run < leaf.runs.length; run += 2) {
      this.scan(leaf, leaf.runs[run] as number, leaf.runs[run + 1] as number, number)
    }
    const { crc, bytes } = hashOf(db.kernel, leaf)
    leaves.setHash(number, crc, bytes)
    this.crc = kernel.exports.combine(this.crc, crc, bytes)
    this.bytes += bytes
  }

  private scan(leaf: Leaf, from: number, to: number, number: number): void {
    this.rows += to - from
    let at = from
    while (at < to) {
      at = this.kernel.exports.scan(leaf.at, at, to, number) >>> 0
      if (at < to) this.reportRow(leaf, at)
      at += 1
    }
  }

  private reportRow(leaf: Leaf, element: number): void {
    const { bytes, view } = this.db.kernel
    const { keyAt, valueAt, valueBytes } = decodeLeafElement(view, leaf.at, element)
    const row: Row = {
      key: bytes.subarray(keyAt, valueAt),
      value: bytes.subarray(valueAt, valueAt + valueBytes),
      page: leaf.page,
      offset: leaf.offset + keyAt - leaf.at,
    }
    if (this.kernel.get('fault') === ROW_FAULT.noRevision) {
      reportRevision(this.db, row, this.findings)
    } else {
      reportUndecodable(this.db, row, decodeRevision(row.key).main, this.findings)
    }
  }
}

/** How many rows wait, and bytes for their copies and for those that stay: little for a small file. */
function roomFor(fileBytes: number, copyBytes = COPY_BYTES): [number, number, number] {
  const rows = Math.ceil(fileBytes / SMALLEST_ROW) + 1
  const copies = fileBytes + rows * LARGEST_COPY_HEADER + SMALLEST_ROOM
  return [
    Math.min(MOST_WAITING, rows),
    Math.min(WAITING_BYTES, copies),
    Math.min(copyBytes, copies),
  ]
}
