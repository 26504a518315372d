/** A bbolt file's pages, read and changed by test code of its own: never by the code under test. */
import { fnv1a64 } from '../../src/lib/checksum/fnv1a.ts'

const HEADER = 16
const ELEMENT = 16

/** Where the fields of a meta page are, from the start of the page. */
export const META_AT = {
  pageSize: 24,
  root: 32,
  freelist: 48,
  highWaterMark: 56,
  txid: 64,
} as const

/** What the tree has at a page. */
export interface TreePage {
  readonly id: number
  readonly kind: 'branch' | 'leaf'
  readonly pages: number
  readonly count: number
  /** The pages above, the root of the file first. */
  readonly path: readonly number[]
}

export class DbPages {
  readonly bytes: Buffer
  readonly pageSize: number

  /** Works on a copy. */
  constructor(bytes: Uint8Array) {
    this.bytes = Buffer.from(bytes)
    this.pageSize = this.bytes.readUInt32LE(META_AT.pageSize)
  }

  /** Offset of the meta page that bbolt uses. */
  get meta(): number {
    const [first, second] = [0, this.pageSize].map((at) => this.long(at + META_AT.txid))
    return Number(second) > Number(first) ? this.pageSize : 0
  }

  get highWaterMark(): number {
    return this.long(this.meta + META_AT.highWaterMark)
  }

  /** Undefined when the file has none, as etcd writes it. */
  get freelist(): number | undefined {
    const at = this.meta + META_AT.freelist
    return this.bytes.readBigUInt64LE(at) === 2n ** 64n - 1n ? undefined : this.long(at)
  }

  at(page: number): number {
    return page * this.pageSize
  }

  flags(page: number): number {
    return this.bytes.readUInt16LE(this.at(page) + 8)
  }

  count(page: number): number {
    return this.bytes.readUInt16LE(this.at(page) + 10)
  }

  overflow(page: number): number {
    return this.bytes.readUInt32LE(this.at(page) + 12)
  }

  /** Offset of an element's header. */
  element(page: number, index: number): number {
    return this.at(page) + HEADER + index * ELEMENT
  }

  /** Offset and length of a leaf element's key, and of its value. */
  leafElement(page: number, index: number) {
    const at = this.element(page, index)
    const key = at + this.bytes.readUInt32LE(at + 4)
    const keyBytes = this.bytes.readUInt32LE(at + 8)
    const valueBytes = this.bytes.readUInt32LE(at + 12)
    return { at, key, keyBytes, value: key + keyBytes, valueBytes }
  }

  branchElement(page: number, index: number) {
    const at = this.element(page, index)
    const key = at + this.bytes.readUInt32LE(at)
    return { at, key, keyBytes: this.bytes.readUInt32LE(at + 4), child: this.long(at + 8) }
  }

  /** Offset of the header of the root bucket's element, by the bucket's name. */
  bucketElement(name: string): number {
    for (const { id, kind, count } of this.tree()) {
      if (kind !== 'leaf') continue
      for (let index = 0; index < count; index++) {
        const { at, key, keyBytes } = this.leafElement(id, index)
        const isBucket = this.bytes.readUInt32LE(at) === 1
        if (isBucket && this.bytes.toString('utf8', key, key + keyBytes) === name) return at
      }
    }
    throw new Error(`no bucket ${name}`)
  }

  /** All pages of the root bucket and of those in it, as an intact file has them. */
  tree(): TreePage[] {
    return [...this.below(this.long(this.meta + META_AT.root), [])]
  }

  /** Pages that the tree does not reach, but for the meta pages and the freelist's own. */
  free(): number[] {
    const used = new Set([0, 1])
    for (const { id, pages } of this.tree()) {
      for (let page = id; page < id + pages; page++) used.add(page)
    }
    if (this.freelist !== undefined) {
      for (let i = 0; i <= this.overflow(this.freelist); i++) used.add(this.freelist + i)
    }
    return Array.from({ length: this.highWaterMark }, (_, page) => page).filter(
      (page) => !used.has(page),
    )
  }

  /** Writes a freelist into a free page, with these ids, and has both meta pages refer to it. */
  writeFreelist(page: number, ids: readonly number[]): this {
    this.bytes.fill(0, this.at(page), this.at(page + 1))
    this.bytes.writeBigUInt64LE(BigInt(page), this.at(page))
    this.bytes.writeUInt16LE(0x10, this.at(page) + 8)
    this.bytes.writeUInt16LE(ids.length, this.at(page) + 10)
    for (const [i, id] of ids.entries()) {
      this.bytes.writeBigUInt64LE(BigInt(id), this.at(page) + HEADER + i * 8)
    }
    return this.setMeta('freelist', page)
  }

  /** Changes a field of both meta pages, or of one, and makes their checksums right again. */
  setMeta(field: keyof typeof META_AT, value: number | bigint, pages: readonly number[] = [0, 1]) {
    for (const page of pages) {
      const at = this.at(page)
      if (field === 'pageSize') this.bytes.writeUInt32LE(Number(value), at + META_AT.pageSize)
      else this.bytes.writeBigUInt64LE(BigInt(value), at + META_AT[field])
      this.bytes.writeBigUInt64LE(fnv1a64(this.bytes.subarray(at + 16, at + 72)), at + 72)
    }
    return this
  }

  private *below(page: number, path: readonly number[]): Iterable<TreePage> {
    const kind = this.flags(page) === 1 ? 'branch' : 'leaf'
    const count = this.count(page)
    yield { id: page, kind, pages: this.overflow(page) + 1, count, path }
    const here = [...path, page]
    for (let index = 0; index < count; index++) {
      if (kind === 'branch') {
        yield* this.below(this.branchElement(page, index).child, here)
        continue
      }
      const { at, value } = this.leafElement(page, index)
      const root = this.bytes.readUInt32LE(at) === 1 ? this.long(value) : 0
      if (root !== 0) yield* this.below(root, here)
    }
  }

  private long(at: number): number {
    return Number(this.bytes.readBigUInt64LE(at))
  }
}
