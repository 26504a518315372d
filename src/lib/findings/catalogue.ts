import { DB_FINDINGS } from './catalogue/db.ts'
import { FILE_FINDINGS } from './catalogue/file.ts'
import { MEMBER_FINDINGS } from './catalogue/member.ts'
import { MVCC_FINDINGS } from './catalogue/mvcc.ts'
import { SNAP_FINDINGS } from './catalogue/snap.ts'
import { STORE_FINDINGS } from './catalogue/store.ts'
import { WAL_FINDINGS } from './catalogue/wal.ts'

/** Every finding there is, by id. An id is never renamed, and never used again for something else. */
export const CATALOGUE = {
  ...FILE_FINDINGS,
  ...SNAP_FINDINGS,
  ...WAL_FINDINGS,
  ...DB_FINDINGS,
  ...STORE_FINDINGS,
  ...MEMBER_FINDINGS,
  ...MVCC_FINDINGS,
}

export type FindingId = keyof typeof CATALOGUE
