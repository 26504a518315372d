import type { BoltDb } from '../bolt/bolt-db.ts'
import type { Bucket } from '../bolt/bucket.ts'
import { LARGEST_PAGE } from '../bolt/kernel.ts'
import {
  decodeLeafElement,
  decodePageHeader,
  ELEMENT_BYTES,
  PAGE_HEADER_BYTES,
} from '../bolt/page.ts'
import type { KernelHost } from './kernel.ts'
import { KeyValueReader } from './key-value.ts'
import type { LeafList } from './leaf-list.ts'

/** Compares keys in the file, where there are no copies of them in memory. */
export class SameKey implements KernelHost {
  private readonly one: LeafKeys
  private readonly other: LeafKeys

  constructor(db: BoltDb, bucket: Bucket, leaves: LeafList) {
    this.one = new LeafKeys(db, bucket, leaves)
    this.other = new LeafKeys(db, bucket, leaves)
  }

  isSameKey(leaf: number, element: number, otherLeaf: number, otherElement: number): boolean {
    const key = this.one.keyOf(leaf, element)
    const otherKey = this.other.keyOf(otherLeaf, otherElement)
    return key !== undefined && otherKey !== undefined && Buffer.compare(key, otherKey) === 0
  }
}

/** Keys of the rows of a leaf; keeps the page that was asked last. */
class LeafKeys {
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

  /** The user's key of a row that a scan has seen; undefined when it is gone since. */
  keyOf(leaf: number, element: number): Uint8Array | undefined {
    if (leaf !== this.leaf) this.load(leaf)
    const { bytes, view, message } = this
    if (PAGE_HEADER_BYTES + (element + 1) * ELEMENT_BYTES > bytes.length) return undefined
    const { valueAt, valueBytes } = decodeLeafElement(view, 0, element)
    return message.read(bytes.subarray(valueAt, valueAt + valueBytes)) ? message.key : undefined
  }

  private load(leaf: number): void {
    const { pageSize } = this.db.reader
    const { inline } = this.bucket
    const offset = inline?.offset ?? this.leaves.pageOf(leaf) * pageSize
    this.fill(offset, Math.max(inline?.bytes.length ?? pageSize, PAGE_HEADER_BYTES))
    const { overflow } = decodePageHeader(this.view, 0)
    if (overflow > 0 && !inline) {
      this.fill(offset, Math.min((overflow + 1) * pageSize, LARGEST_PAGE))
    }
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
