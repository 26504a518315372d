/** What every byte of an intact bbolt file is for. */
import { DbPages } from './db-pages.ts'

export type DbByte =
  /** Bytes 16 to 79 of a meta page, which have a checksum. */
  | 'meta'
  /** Id, flags, count or overflow of a page in the tree, or of the freelist. */
  | 'page id'
  | 'page flags'
  | 'page count'
  | 'page overflow'
  | 'element flags'
  | 'element pos'
  | 'element ksize'
  | 'element vsize'
  | 'branch pos'
  | 'branch ksize'
  | 'branch pgid'
  | 'branch key'
  | 'key'
  | 'value'
  | 'bucket'
  | 'freelist'
  /** A meta page's header, and what follows its checksum. */
  | 'meta rest'
  /** On a page behind its last value. */
  | 'slack'
  | 'free page'
  /** Behind the pages: the SHA-256. */
  | 'trailer'

const LEAF_FIELDS: readonly DbByte[] = [
  'element flags',
  'element pos',
  'element ksize',
  'element vsize',
]

/** The class of each byte. A small bucket inside its element is all of class `bucket`. */
export function dbLayout(intact: Uint8Array): DbByte[] {
  const db = new DbPages(intact)
  const classes = new Array<DbByte>(intact.length).fill('free page')
  for (const page of [0, 1]) {
    classes.fill('meta rest', db.at(page), db.at(page + 1))
    classes.fill('meta', db.at(page) + 16, db.at(page) + 80)
  }
  for (const { id, kind, count, pages } of db.tree()) {
    classes.fill('slack', db.at(id), db.at(id + pages))
    header(classes, db.at(id))
    for (let index = 0; index < count; index++) {
      if (kind === 'leaf') leafElement(classes, db, id, index)
      else branchElement(classes, db, id, index)
    }
  }
  if (db.freelist !== undefined) {
    const at = db.at(db.freelist)
    const bytes = 16 + db.count(db.freelist) * 8
    classes.fill('slack', at, at + (db.overflow(db.freelist) + 1) * db.pageSize)
    classes.fill('freelist', at, at + bytes)
    header(classes, at)
  }
  return classes.fill('trailer', db.at(db.highWaterMark))
}

function header(classes: DbByte[], at: number): void {
  classes.fill('page id', at, at + 8)
  classes.fill('page flags', at + 8, at + 10)
  classes.fill('page count', at + 10, at + 12)
  classes.fill('page overflow', at + 12, at + 16)
}

function leafElement(classes: DbByte[], db: DbPages, page: number, index: number): void {
  const { at, key, keyBytes, value, valueBytes } = db.leafElement(page, index)
  for (const [field, kind] of LEAF_FIELDS.entries()) {
    classes.fill(kind, at + field * 4, at + field * 4 + 4)
  }
  const isBucket = db.bytes.readUInt32LE(at) === 1
  classes.fill('key', key, key + keyBytes)
  classes.fill(isBucket ? 'bucket' : 'value', value, value + valueBytes)
}

function branchElement(classes: DbByte[], db: DbPages, page: number, index: number): void {
  const { at, key, keyBytes } = db.branchElement(page, index)
  classes.fill('branch pos', at, at + 4)
  classes.fill('branch ksize', at + 4, at + 8)
  classes.fill('branch pgid', at + 8, at + 16)
  classes.fill('branch key', key, key + keyBytes)
}
