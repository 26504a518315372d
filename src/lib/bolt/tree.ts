import type { FindingId } from '../findings/catalogue.ts'
import type { Details } from '../findings/finding.ts'
import type { Uint64 } from '../proto/uint64.ts'
import { NO_BUCKET } from './bucket.ts'
import { compareKeys, type KeyRange } from './compare.ts'
import { type BoltKernel, PAGE_FIELD } from './kernel.ts'
import type { Leaf } from './leaf.ts'
import {
  decodeBranchElement,
  decodeLeafElement,
  decodePageHeader,
  PAGE_FLAG,
  type PageHeader,
} from './page.ts'
import type { KeyName, NameKey, PageFindings, PagePlace } from './page-findings.ts'
import { type Elements, judgePage } from './page-judge.ts'
import type { PageMarks } from './page-marks.ts'
import type { PageReader } from './page-reader.ts'

/** Larger branch pages do not exist: bbolt splits them at the page size, and keys are short. */
const LARGEST_BRANCH = 4 * 1024 * 1024

/** One bucket's tree, and what a walk over it needs. */
export interface Tree {
  readonly reader: PageReader
  readonly kernel: BoltKernel
  readonly findings: PageFindings
  /** Pages of the file: ids at and above are out of bounds. */
  readonly highWaterMark: number
  readonly bucket: string
  readonly nameKey: NameKey
  readonly root: number
  readonly marks: PageMarks
  /** Under which number pages are marked. */
  readonly owner: number
}

/** A branch page on the way from the root to where the walk is. */
interface Branch {
  readonly page: number
  /** By position: the child, and the first key below it when that can be read. */
  readonly children: readonly number[]
  /** The same ids as they stand there: above 2^53 `children` has them rounded. */
  readonly ids: readonly Uint64[]
  readonly keys: readonly (KeyRange | undefined)[]
  /** All of this page's keys are below it; undefined at the right edge of the tree. */
  readonly high: KeyRange | undefined
  next: number
}

/**
 * Walks a tree in the order of its keys. Reports every page, reference and key that is not as bbolt
 * would have written it, and goes on with what is left.
 */
export class TreeWalk {
  private readonly tree: Tree
  private readonly branches: Branch[] = []
  /** The page at hand, and between which keys its parent has it. */
  private page: number
  private id: Uint64
  private low: KeyRange | undefined
  private high: KeyRange | undefined

  /** For those who need it only when something is wrong. */
  private readonly placeOf = (): PagePlace => this.place()

  constructor(tree: Tree) {
    this.tree = tree
    this.page = tree.root
    this.id = tree.root
  }

  /** @param from begin at the leaf that holds this key, or would hold it */
  *leaves(from?: Uint8Array): Iterable<Leaf> {
    const { branches, tree } = this
    tree.findings.begin()
    let opened = this.open()
    for (;;) {
      if (opened && 'runs' in opened) yield opened
      else if (opened) branches.push(opened)
      const parent = this.advance(from)
      if (parent === undefined) return
      opened = this.open(parent)
    }
  }

  /** Goes to the next page; gives the branch page that refers to it. */
  private advance(from: Uint8Array | undefined): Branch | undefined {
    const { branches } = this
    for (;;) {
      const branch = branches[branches.length - 1]
      if (branch === undefined) return undefined
      const at = branch.next
      if (at >= branch.children.length) {
        branches.pop()
        continue
      }
      branch.next = at + 1
      this.high = keyFrom(branch.keys, at + 1) ?? branch.high
      if (from && this.high && isAtMost(this.high, from)) continue
      this.low = branch.keys[at]
      this.page = branch.children[at] as number
      this.id = branch.ids[at] as Uint64
      return branch
    }
  }

  /** Reads the page at hand and judges it; undefined when nothing of it can be used. */
  private open(parent?: Branch): Leaf | Branch | undefined {
    const { page } = this
    const { reader, kernel, highWaterMark } = this.tree
    if (!(page >= 2 && page < highWaterMark)) return this.outOfBounds(parent)
    let at = reader.locate(page, 1, parent?.children, parent?.next)
    if (at < 0) return this.unreadable(1)
    const header = decodePageHeader(kernel.view, at)
    const pages = this.claim(header.overflow + 1)
    if (pages === 0) return undefined
    if (pages > 1) at = reader.locate(page, pages)
    if (at < 0) return this.unreadable(pages)
    if (header.id !== page) {
      this.report('DB_PAGE_ID', `page ${page} calls itself page ${header.id}`, {
        expected: String(page),
        found: String(header.id),
      })
    }
    return this.judge(header, at, pages * reader.pageSize)
  }

  /** Marks the page and its overflow; gives how many pages can be its own, 1 when only it can. */
  private claim(pages: number): number {
    const { page } = this
    const { highWaterMark, marks, owner } = this.tree
    if (marks.isUsed(page)) {
      this.report('DB_PAGE_SHARED', `page ${page} is referred to more than once`)
      return 0
    }
    if (page + pages > highWaterMark) {
      this.report('DB_PAGE_OUT_OF_BOUNDS', `page ${page} overflows behind the last page`, {
        expected: `at most ${highWaterMark - page - 1} overflow pages`,
        found: String(pages - 1),
      })
      return this.claim(1)
    }
    const shared = marks.claim(page, pages, owner)
    if (shared === undefined) return pages
    this.report('DB_PAGE_SHARED', `page ${page} overflows into page ${shared}, which is in use`)
    return this.claim(1)
  }

  private judge(
    { flags, count }: PageHeader,
    at: number,
    bytes: number,
  ): Leaf | Branch | undefined {
    const { page } = this
    const { kernel, findings, reader } = this.tree
    const isBranch = flags === PAGE_FLAG.branch && bytes <= LARGEST_BRANCH && count > 0
    if (!isBranch && flags !== PAGE_FLAG.leaf) {
      const text =
        flags === PAGE_FLAG.branch
          ? `branch page ${page} has ${count} elements in ${bytes} bytes`
          : `page ${page} is neither a branch nor a leaf page`
      this.report('DB_PAGE_TYPE', text, { expected: 'flags 1 or 2', found: `flags ${flags}` })
      return undefined
    }
    const kind = isBranch ? 'branch' : 'leaf'
    const elements = judgePage(kernel, kind, { at, bytes, count, place: this.placeOf }, findings)
    if (isBranch) return this.branchOf(at, bytes, elements)
    this.checkBounds(at, elements)
    if (elements.buckets > 0 && this.tree.owner !== NO_BUCKET) {
      this.report('DB_BUCKET_INVALID', `page ${page} holds a bucket inside a bucket`)
    }
    const { runs, start, end } = elements
    return { page, at, offset: page * reader.pageSize, runs, start, end }
  }

  /** Keys have to be where the parent says: first and last tell, since the others are in order. */
  private checkBounds(at: number, { runs, end }: Elements): void {
    const { bytes, fields, view } = this.tree.kernel
    if (end > 0) {
      const first = fields[PAGE_FIELD.start] as number
      this.checkKey(bytes, first, first + (fields[PAGE_FIELD.startBytes] as number))
      const last = fields[PAGE_FIELD.last] as number
      this.checkKey(bytes, last, last + (fields[PAGE_FIELD.lastBytes] as number))
      return
    }
    if (runs.length === 0 || runs[1] === 0) return
    const first = decodeLeafElement(view, at, runs[0] as number)
    this.checkKey(bytes, first.keyAt, first.valueAt)
    const last = decodeLeafElement(view, at, (runs[runs.length - 1] as number) - 1)
    this.checkKey(bytes, last.keyAt, last.valueAt)
  }

  /** @param from where in `bytes` the key begins */
  private checkKey(bytes: Uint8Array, from: number, to: number): void {
    const { low, high, page } = this
    const tooLow = low !== undefined && compareKeys(bytes, from, to, low) < 0
    const tooHigh = high !== undefined && compareKeys(bytes, from, to, high) >= 0
    if (!tooLow && !tooHigh) return
    const { text, revision } = this.nameOf({ bytes, from, to })
    const bound = tooLow
      ? `at least ${this.nameOf(low).text}`
      : `below ${this.nameOf(high as KeyRange).text}`
    const details = { expected: bound, found: text }
    this.report(
      'DB_KEY_ORDER',
      `page ${page} holds a key that belongs elsewhere`,
      details,
      revision,
    )
  }

  /** Copies what the walk needs of a branch page: it is gone when the next page is read. */
  private branchOf(at: number, length: number, { runs, count }: Elements): Branch {
    const { bytes, view } = this.tree.kernel
    const copy = bytes.slice(at, at + length)
    const children: number[] = []
    const ids: Uint64[] = []
    const keys: (KeyRange | undefined)[] = []
    for (let index = 0; index < count; index++) {
      const { child } = decodeBranchElement(view, at, index)
      ids.push(child)
      children.push(Number(child))
      // A child can be read though its key cannot.
      keys.push(undefined)
    }
    for (let run = 0; run < runs.length; run += 2) {
      for (let index = runs[run] as number; index < (runs[run + 1] as number); index++) {
        const { keyAt, keyBytes } = decodeBranchElement(view, at, index)
        this.checkKey(bytes, keyAt, keyAt + keyBytes)
        keys[index] = { bytes: copy, from: keyAt - at, to: keyAt - at + keyBytes }
      }
    }
    return { page: this.page, children, ids, keys, high: this.high, next: 0 }
  }

  /** It is the page before this one that is wrong, or the bucket's own element. */
  private outOfBounds(parent: Branch | undefined): undefined {
    const { page, id } = this
    const { bucket, highWaterMark } = this.tree
    const message = parent
      ? `page ${parent.page} refers to page ${id}`
      : `the root of bucket ${bucket} is page ${id}`
    this.page = parent?.page ?? page
    this.report('DB_PAGE_OUT_OF_BOUNDS', message, {
      expected: `a page from 2 to ${highWaterMark - 1}`,
      found: String(id),
    })
    return undefined
  }

  private unreadable(pages: number): undefined {
    const { page } = this
    const { reader } = this.tree
    const isMissing = (page + pages) * reader.pageSize > reader.source.size
    this.report(
      'DB_PAGE_UNREADABLE',
      isMissing
        ? `the file ends before page ${page} does`
        : `page ${page} has ${pages} pages, more than are read at once`,
    )
    return undefined
  }

  /** @param what one clause; which bucket and keys are lost or in doubt is added */
  private report(
    id: FindingId,
    what: string,
    details: Omit<Details, 'message'> = {},
    revision?: Uint64,
  ): void {
    const place = this.place()
    const message = `${what}; ${this.rangeOf()}`
    const known = revision === undefined ? place : { ...place, revision }
    this.tree.findings.report(id, known, { message, ...details })
  }

  private place(): PagePlace {
    const { page, branches, low } = this
    const above = branches.map((branch) => branch.page).filter((each) => each !== page)
    return {
      page,
      offset: page * this.tree.reader.pageSize,
      path: [...above, page],
      revision: low && this.nameOf(low).revision,
    }
  }

  /** The keys below the page at hand, in words. */
  private rangeOf(): string {
    const { low, high } = this
    const { bucket } = this.tree
    if (low === undefined && high === undefined) return `bucket ${bucket}`
    const from = low ? this.nameOf(low).text : 'the first key'
    return `bucket ${bucket}, ${from}${high ? ` to below ${this.nameOf(high).text}` : ' and up'}`
  }

  private nameOf({ bytes, from, to }: KeyRange): KeyName {
    return this.tree.nameKey(this.tree.bucket, bytes.subarray(from, to))
  }
}

/** The first key from a position on that could be read. */
function keyFrom(keys: readonly (KeyRange | undefined)[], at: number): KeyRange | undefined {
  for (let next = at; next < keys.length; next++) if (keys[next]) return keys[next]
  return undefined
}

function isAtMost({ bytes, from, to }: KeyRange, key: Uint8Array): boolean {
  return compareKeys(bytes, from, to, { bytes: key, from: 0, to: key.length }) <= 0
}
