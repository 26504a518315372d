import { listPages } from '../../lib/bolt/page-listing.ts'
import { PageMap } from '../../lib/bolt/page-map.ts'
import { type PageStats, pageStats } from '../../lib/bolt/page-stats.ts'
import type { Findings } from '../../lib/findings/findings.ts'
import { reportChange } from '../../lib/io/report-change.ts'
import type { OpenDb } from '../../lib/member/open-db.ts'
import { findingsReport } from '../../lib/report/finding.ts'
import { toJson } from '../../lib/report/json.ts'
import {
  findPages,
  type PageOptions,
  pageDetail,
  pageLine,
  pagesReport,
  statsReport,
} from '../../lib/report/pages.ts'
import { showFindings } from '../inspect/findings.ts'
import { openSheet } from '../inspect/sheet.ts'
import { shown } from '../inspect/text.ts'
import type { Out } from '../out.ts'
import { showPage } from './detail.ts'
import { PageLines } from './line.ts'
import { showStats } from './stats.ts'

/** Which pages are to be shown, and how. */
export interface PageListingOptions extends PageOptions {
  /** These in detail; a line for every page when there are none. */
  readonly ids: readonly number[]
  /** Only what all of them come to. */
  readonly stats: boolean
}

/** Shows the pages of a db: for people, as NDJSON, or as one document. */
export class PageListing {
  private readonly out: Out
  private readonly open: OpenDb | undefined
  private readonly findings: Findings
  private readonly options: PageListingOptions
  private readonly map: PageMap | undefined

  /**
   * Reads all trees, so that all is found that there is to find.
   *
   * @param open undefined when there is no db: then only the findings are shown
   */
  constructor(out: Out, open: OpenDb | undefined, findings: Findings, options: PageListingOptions) {
    this.out = out
    this.open = open
    this.findings = findings
    this.options = options
    this.map = open?.db.meta && new PageMap(open.db)
    if (open) reportChange(open.db.source, findings)
  }

  async table(): Promise<void> {
    const { out, open, options, findings } = this
    const sheet = await openSheet(out)
    if (open && options.stats) {
      sheet.line(sheet.theme.bold(`pages  ${shown(open.path)}`))
      showStats(sheet, this.stats())
    } else if (open && options.ids.length > 0) {
      for (const [position, page] of [...this.details()].entries()) {
        if (position > 0) sheet.gap()
        showPage(sheet, page)
      }
    } else if (open) {
      const lines = new PageLines(open.db, sheet.theme)
      const found = this.foundByPage()
      out.line(lines.head())
      for (const page of listPages(open.db, this.map)) {
        if (page.kind !== 'overflow') out.line(lines.line(page, found.get(page.id)))
      }
    }
    showFindings(sheet, findings)
  }

  lines(envelope: object): void {
    const { out, options } = this
    out.line(toJson({ type: 'header', ...envelope, ...this.head() }))
    if (!options.stats) for (const page of this.pages()) out.line(toJson(page))
    const { findings, counts } = findingsReport(this.findings)
    for (const finding of findings) out.line(toJson({ type: 'finding', ...finding }))
    out.line(toJson({ type: 'summary', ...this.statsPart(), counts }))
  }

  /** The document for `-o json` and `-o yaml`; its pages are made one by one as it is written. */
  document(): object {
    const pages = this.options.stats ? {} : { pages: this.pages() }
    return { ...this.head(), ...this.statsPart(), ...pages, ...findingsReport(this.findings) }
  }

  private head(): object {
    return this.open ? { ...pagesReport(this.open.db), path: this.open.path } : {}
  }

  private statsPart(): { stats?: object } {
    return this.open && this.options.stats ? { stats: statsReport(this.stats()) } : {}
  }

  private stats(): PageStats {
    return this.open && this.map
      ? pageStats(this.open.db, this.map)
      : { kinds: new Map(), buckets: [] }
  }

  private *pages(): Iterable<object> {
    if (this.open === undefined) return
    if (this.options.ids.length > 0) {
      yield* this.details()
      return
    }
    const found = this.foundByPage()
    for (const page of listPages(this.open.db, this.map)) yield pageLine(page, found.get(page.id))
  }

  private *details(): Iterable<{ readonly [field: string]: unknown }> {
    const { open, map, options } = this
    if (open === undefined) return
    const listed = findPages(open.db, map, options.ids)
    const found = this.foundByPage()
    for (const id of options.ids) {
      const page = listed.get(id)
      if (page) yield { ...pageDetail(open.db, page, options), findings: found.get(id) }
    }
  }

  /** Ids of what was found, by page; of those that are listed. */
  private foundByPage(): ReadonlyMap<number, readonly string[]> {
    const found = new Map<number, string[]>()
    for (const { id, page } of this.findings.list) {
      if (page === undefined) continue
      const ids = found.get(Number(page)) ?? []
      if (!ids.includes(id)) found.set(Number(page), [...ids, id])
    }
    return found
  }
}
