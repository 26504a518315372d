import { basename } from 'node:path'
import type { BoltFile } from '../../lib/bolt/bolt-file.ts'
import type { Sheet } from './sheet.ts'
import { exactSize, humanSize } from './size.ts'
import { count, shown } from './text.ts'

/** The card of a bbolt file that stands by itself. */
export function showBolt(sheet: Sheet, bolt: BoltFile): void {
  sheet.field('size', [exactSize(bolt.bytes), ...pagesOf(bolt)])
  showMetaPages(sheet, bolt)
  if (bolt.hasTrailer) sheet.field('SHA-256', ['present, not compared by this command'])
}

/** A bbolt file as part of a member. */
export function showBoltSection(sheet: Sheet, label: string, bolt: BoltFile): void {
  const name = label === 'db' ? [] : [shown(basename(bolt.path))]
  sheet.section(label, [...name, humanSize(bolt.bytes), ...pagesOf(bolt)])
  showMetaPages(sheet, bolt)
}

function pagesOf({ pages, pageSize }: BoltFile): string[] {
  if (pages === undefined || pageSize === undefined) return []
  return [`${count(pages, 'page')} of ${humanSize(pageSize)}`]
}

function showMetaPages(sheet: Sheet, { meta }: BoltFile): void {
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
