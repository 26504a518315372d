import type { BoltDb } from './bolt-db.ts'
import { NO_BUCKET } from './bucket.ts'
import { PAGE_FLAG, PAGE_HEADER_BYTES } from './page.ts'
import type { PagePlace } from './page-findings.ts'
import type { PageMarks } from './page-marks.ts'

/** A count of this means that the first id is the count. internal/freelist/shared.go @ v1.4.3. */
export const COUNT_FOLLOWS = 0xffff

const ID_BYTES = 8

/** Which pages hold nothing. */
export interface FreePages {
  /** How many pages below the high-water mark nothing refers to. */
  readonly count: number
  /** Whether the file says so itself, or it was found by reading the tree. */
  readonly listed: boolean
  /** What the file says itself: one byte for each page, 1 for free. */
  readonly list?: Uint8Array
}

/**
 * Counts the free pages and, when the file has a freelist, holds it against what the tree refers to:
 * ids u64, ascending, each once, none in use, and all that are not.
 *
 * @param marks of everything that the tree refers to
 */
export function checkFreelist(db: BoltDb, marks: PageMarks): FreePages {
  const listed = db.meta?.freelist !== undefined && readFreelist(db, marks)
  const free = db.highWaterMark - marks.used
  if (listed) reportLeaks(db, marks, listed)
  return {
    count: Math.max(0, free),
    listed: listed !== false,
    ...(listed ? { list: listed } : {}),
  }
}

/** Reads the list and marks its pages; gives one byte for each page of the file, 1 for free. */
function readFreelist(db: BoltDb, marks: PageMarks): Uint8Array | false {
  const id = Number(db.meta?.freelist)
  const place = { page: id, offset: id * db.reader.pageSize, path: [id] }
  const invalid = (message: string, where: PagePlace = place): false => {
    db.findings.report('DB_FREELIST_INVALID', where, { message })
    return false
  }
  db.findings.begin()
  if (id < 2 || id >= db.highWaterMark) return invalid(`the freelist is page ${id}`)
  const page = db.page(id)
  if (page === undefined) return invalid(`page ${id}, the freelist, cannot be read`)
  const { at, bytes, header } = page
  const shared = marks.claim(id, header.overflow + 1, NO_BUCKET)
  if (shared !== undefined) return invalid(`page ${shared} of the freelist is in use`)
  if (header.flags !== PAGE_FLAG.freelist) {
    return invalid(`page ${id} is no freelist: its flags are ${header.flags}`)
  }
  if (header.id !== id) {
    const message = `page ${id}, the freelist, calls itself page ${header.id}`
    db.findings.report('DB_PAGE_ID', place, { message })
  }
  const { view } = db.kernel
  const start = at + PAGE_HEADER_BYTES
  const follows = header.count === COUNT_FOLLOWS
  const count = follows ? Number(view.getBigUint64(start, true)) : header.count
  const first = start + (follows ? ID_BYTES : 0)
  const room = Math.floor((at + bytes - first) / ID_BYTES)
  if (count > room) return invalid(`the freelist claims ${count} pages, and has room for ${room}`)
  const free = new Uint8Array(db.pages)
  let before = 0
  for (let index = 0; index < count; index++) {
    const position = first + index * ID_BYTES
    const freed = Number(view.getBigUint64(position, true))
    const where = { ...place, offset: place.offset + position - at, bytes: ID_BYTES }
    if (freed < 2 || freed >= db.highWaterMark) invalid(`the freelist has page ${freed}`, where)
    else if (free[freed] === 1) invalid(`the freelist has page ${freed} twice`, where)
    else {
      if (freed < before) invalid(`the freelist has page ${freed} behind page ${before}`, where)
      if (marks.isUsed(freed)) {
        const message = `page ${freed} is in the freelist, and in use`
        const inUse = { page: freed, offset: freed * db.reader.pageSize, path: [freed] }
        db.findings.report('DB_PAGE_FREED', inUse, { message })
      }
      free[freed] = 1
      before = freed
    }
  }
  return free
}

function reportLeaks(db: BoltDb, marks: PageMarks, free: Uint8Array): void {
  for (let page = 2; page < db.pages; page++) {
    if (free[page] === 1 || marks.isUsed(page)) continue
    const place = { page, offset: page * db.reader.pageSize, path: [page] }
    const message = `page ${page} is neither in the tree nor in the freelist`
    db.findings.report('DB_PAGE_LEAKED', place, { message })
  }
}
