import type { BoltDb } from '../bolt/bolt-db.ts'
import type { Bucket } from '../bolt/bucket.ts'
import {
  decodeLeafElement,
  decodePageHeader,
  ELEMENT_BYTES,
  PAGE_HEADER_BYTES,
} from '../bolt/page.ts'
import type { KernelHost } from './kernel.ts'
import { KeyValueReader } from './key-value.ts'
import type { LeafList } from './leaf-list.ts'

/** Looks up keys in the file, in place of copies in memory. Keeps the page that was asked last. */
export class KeyOfRow implements KernelHost {
  private readonly db: BoltDb
  private readonly bucket: Bucket
  private readonly leaves: LeafList
  private readonly message = new KeyValueReader()
  private leaf = -1
  private bytes: Uint8Array
  private view: DataView

  constructor(db: BoltDb, bucket: Bucket, leaves: LeafList) {
    this.db = db
    this.bucket = bucket
    this.leaves = leaves
    this.bytes = new Uint8Array(0)
    this.view = new DataView(this.bytes.buffer)
  }

  isKeyOfRow(leaf: number, element: number, at: number, length: number): boolean {
    if (leaf !== this.leaf) this.load(leaf)
    const { bytes, view, message, db } = this
    // The page may have been written to since.
    if (PAGE_HEADER_BYTES + (element + 1) * ELEMENT_BYTES > bytes.length) return false
    const { valueAt, valueBytes } = decodeLeafElement(view, 0, element)
    if (!message.read(bytes.subarray(valueAt, valueAt + valueBytes))) return false
    return Buffer.compare(message.key, db.kernel.bytes.subarray(at, at + length)) === 0
  }

  /** The scan has seen this page, and that its elements are inside it. */
  private load(leaf: number): void {
    const { reader } = this.db
    const { inline } = this.bucket
    const offset = inline?.offset ?? this.leaves.pageOf(leaf) * reader.pageSize
    this.fill(offset, Math.max(inline?.bytes.length ?? reader.pageSize, PAGE_HEADER_BYTES))
    const { overflow } = decodePageHeader(this.view, 0)
    if (overflow > 0 && !inline) this.fill(offset, (overflow + 1) * reader.pageSize)
    this.leaf = leaf
  }

  private fill(offset: number, bytes: number): void {
    if (this.bytes.length < bytes) {
      this.bytes = new Uint8Array(bytes)
      this.view = new DataView(this.bytes.buffer)
    }
    this.db.source.read(offset, this.bytes.subarray(0, bytes))
  }
}
