import { basename } from 'node:path'
import type { Store, StoreFile } from '../../lib/store/store-file.ts'
import { showAlarms } from './alarms.ts'
import { showBuckets } from './buckets.ts'
import { showMembers } from './members.ts'
import type { Sheet } from './sheet.ts'
import { exactSize, humanSize } from './size.ts'
import { showStore } from './store-fields.ts'
import { count, shown } from './text.ts'

/** The card of a db, backup or `.snap.db` that stands by itself. */
export function showDb(sheet: Sheet, db: StoreFile): void {
  const { store } = db
  if (store) showAlarms(sheet, store.alarms)
  showSha256(sheet, db)
  sheet.field('size', [exactSize(db.bytes), ...pagesOf(db)])
  showFree(sheet, db)
  if (store) showStore(sheet, store)
  showMetaPages(sheet, db)
  if (store === undefined) return
  showMembersOf(sheet, store)
  showBuckets(sheet, store)
}

/** A db as part of a member, whose membership the card of the whole shows. */
export function showDbSection(sheet: Sheet, label: string, db: StoreFile): void {
  const name = label === 'db' ? [] : [shown(basename(db.path))]
  sheet.section(label, [...name, humanSize(db.bytes), ...pagesOf(db)])
  showFree(sheet, db)
  if (db.store) showStore(sheet, db.store)
  showMetaPages(sheet, db)
}

function pagesOf({ pages, pageSize }: StoreFile): string[] {
  if (pages === undefined || pageSize === undefined) return []
  return [`${count(pages, 'page')} of ${humanSize(pageSize)}`]
}

/** What a defragmentation would give back: free pages, and what is preallocated behind the last. */
function showFree(sheet: Sheet, { bytes, pages, pageSize, hasTrailer, store }: StoreFile): void {
  if (pages === undefined || pageSize === undefined || !store?.complete) return
  const { freePages } = store
  const behind = bytes - Number(pages) * pageSize
  const preallocated = hasTrailer || behind < 0 ? 0 : behind
  const free = freePages * pageSize + preallocated
  if (free === 0) return
  const share = Math.round((100 * free) / bytes)
  sheet.field('free', [
    `${humanSize(free)} (${share} %), given back by defragmentation`,
    ...(freePages > 0 ? [count(freePages, 'page')] : []),
    ...(preallocated > 0 ? [`${humanSize(preallocated)} preallocated`] : []),
  ])
}

function showSha256(sheet: Sheet, { sha256 }: StoreFile): void {
  if (sha256 === undefined) return
  const { present, ok, stored, computed, reason } = sha256
  if (ok) {
    sheet.field('SHA-256', [sheet.theme.ok('ok')])
    return
  }
  const why = reason === undefined ? [] : [shown(reason)]
  sheet.field('SHA-256', [present ? sheet.theme.bad('wrong') : 'none', ...why])
  if (!present) return
  if (stored !== undefined) sheet.field('  stored', [stored])
  if (computed !== undefined) sheet.field('  computed', [computed])
}

/** Voters and learners as the bucket has them: the ConfState of a restored db is of another cluster. */
function showMembersOf(sheet: Sheet, { members, removedMembers, consistentIndex }: Store): void {
  const ids = (learners: boolean) =>
    members.filter(({ isLearner }) => isLearner === learners).map(({ id }) => id)
  const confState = {
    voters: ids(false),
    learners: ids(true),
    votersOutgoing: [],
    learnersNext: [],
    autoLeave: false,
  }
  showMembers(sheet, { confState, members, removed: removedMembers, index: consistentIndex })
}

function showMetaPages(sheet: Sheet, { meta }: StoreFile): void {
  const { ok, bad } = sheet.theme
  for (const page of [0, 1] as const) {
    const found = meta.find((each) => each.page === page)
    if (found === undefined) sheet.field(`meta ${page}`, [bad('missing')])
    else if (!found.ok) sheet.field(`meta ${page}`, [bad('invalid')])
    else {
      const active = found.active ? ['active'] : []
      sheet.field(`meta ${page}`, [`txid ${found.txid}`, ok('ok'), ...active])
    }
  }
}
