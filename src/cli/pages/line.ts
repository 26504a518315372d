import type { BoltDb } from '../../lib/bolt/bolt-db.ts'
import type { ListedPage } from '../../lib/bolt/page-listing.ts'
import { boltKey } from '../../lib/report/page-row.ts'
import { shown } from '../inspect/text.ts'
import { terminalWidth, visibleWidth } from '../terminal.ts'
import type { Theme } from '../theme.ts'
import { keyText } from './key-text.ts'

const KIND_WIDTH = 8
const NUMBER_WIDTH = 8
const BUCKET_WIDTH = 15

/** Makes the lines of a list of pages, for people; overflow pages are a number in that of their page. */
export class PageLines {
  private readonly db: BoltDb
  private readonly theme: Theme
  private readonly idWidth: number
  private readonly width = terminalWidth()

  constructor(db: BoltDb, theme: Theme) {
    this.db = db
    this.theme = theme
    this.idWidth = Math.max(4, String(db.highWaterMark).length)
  }

  head(): string {
    return this.theme.dim(
      this.columns('PAGE', 'KIND', ['ELEMENTS', 'OVERFLOW'], 'BUCKET', 'CONTENT').trimEnd(),
    )
  }

  /** @param findings what was found on the page */
  line(page: ListedPage, findings: readonly string[] | undefined): string {
    const { id, kind, elements, overflow, bucket, reachable, free } = page
    const numbers = [elements ?? '', overflow || ''].map(String)
    const content = findings?.join(' ') ?? this.contentOf(page)
    const line = this.fitted(this.columns(String(id), kind, numbers, shown(bucket ?? ''), content))
    if (findings) return this.theme.bad(line)
    if (kind === 'free') return this.theme.dim(line)
    return reachable === false && free === false ? this.theme.warn(line) : line
  }

  private contentOf({ id, kind, bucket, reachable, free, first, last }: ListedPage): string {
    if (kind === 'meta') return this.metaOf(id)
    if (reachable === false && free === false) return 'in no tree, and not free'
    if (first === undefined) return ''
    const from = keyText(boltKey(bucket, first.key))
    const to = keyText(boltKey(bucket, last?.key))
    return from === to ? from : `${from} to ${to.replace(/^revision /, '')}`
  }

  private metaOf(id: number): string {
    const meta = this.db.file.meta.find(({ page }) => page === id)
    if (!meta?.ok) return 'invalid'
    return `txid ${meta.txid}${meta.active ? ', active' : ''}`
  }

  private columns(
    id: string,
    kind: string,
    numbers: readonly string[],
    bucket: string,
    content: string,
  ): string {
    const cells = numbers.map((each) => each.padStart(NUMBER_WIDTH))
    return [
      id.padStart(this.idWidth),
      kind.padEnd(KIND_WIDTH),
      ...cells,
      bucket.padEnd(BUCKET_WIDTH),
      content,
    ].join('  ')
  }

  /** A line never wraps; `-o json` shows what is cut. */
  private fitted(text: string): string {
    const line = text.trimEnd()
    if (visibleWidth(line) <= this.width) return line
    let cut = line.slice(0, this.width - 1)
    while (visibleWidth(cut) > this.width - 1) cut = cut.slice(0, -1)
    return `${cut}…`
  }
}
