import type { BoltDb } from './bolt-db.ts'
import { NO_BUCKET } from './bucket.ts'
import { checkFreelist } from './freelist.ts'
import type { PageMarks } from './page-marks.ts'

/** What a page is used for. */
export interface PageUse {
  /** Whether the meta pages, a tree or the freelist refer to it. */
  readonly reachable: boolean
  /** Whether it may be used for something else: by the freelist, or without one when nothing refers to it. */
  readonly free: boolean
  /** Absent for what is of no bucket: meta pages, the root tree, the freelist. */
  readonly bucket?: string
}

/** What every page of a file is used for: one byte a page, or two where there is a freelist. */
export class PageMap {
  private readonly db: BoltDb
  private readonly marks: PageMarks
  private readonly freelist: Uint8Array | undefined

  /** Reads all trees, and the freelist; what is wrong with them is reported. */
  constructor(db: BoltDb) {
    this.db = db
    this.marks = db.newMarks()
    for (const bucket of db.buckets) for (const _leaf of db.leaves(bucket, this.marks));
    this.freelist = checkFreelist(db, this.marks).list
  }

  /** @param id of a page that the file has */
  useOf(id: number): PageUse {
    const mark = this.marks.owners[id] ?? 0
    const reachable = mark !== 0
    const free = this.freelist ? this.freelist[id] === 1 : !reachable
    const owner = mark - 1
    const name = owner === NO_BUCKET ? undefined : this.db.buckets[owner]?.name
    return { reachable, free, ...(reachable && name !== undefined ? { bucket: name } : {}) }
  }
}
