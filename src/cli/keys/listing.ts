import { hasMoved } from '../../lib/bolt/has-moved.ts'
import { Findings } from '../../lib/findings/findings.ts'
import { findingsReport } from '../../lib/report/finding.ts'
import { toJson } from '../../lib/report/json.ts'
import { KeyLines } from '../../lib/report/key-lines.ts'
import { type KeyDisclosure, keyReport, keysHead, needsValues } from '../../lib/report/keys.ts'
import { type KeyspaceQuery, revisionEntries } from '../../lib/store/keyspace.ts'
import type { KeyEntry } from '../../lib/store/keyspace-entry.ts'
import { ValueReader } from '../../lib/store/keyspace-value.ts'
import { showFindings } from '../inspect/findings.ts'
import { openSheet } from '../inspect/sheet.ts'
import type { Out } from '../out.ts'
import type { OpenKeyspace } from './open.ts'
import { KeyTable } from './table.ts'

/** What of a keyspace is to be listed, and how. */
export interface KeyListingOptions {
  readonly query: KeyspaceQuery
  readonly limit: number | undefined
  /** Only how many there are. */
  readonly count: boolean
  readonly disclosure: KeyDisclosure
}

/** Lists keys: for people, as NDJSON, or as one document. */
export class KeyListing {
  private readonly out: Out
  private readonly open: OpenKeyspace | undefined
  private readonly findings: Findings
  private readonly options: KeyListingOptions
  private listed = 0

  /** @param open undefined when there is no db: then only the findings are shown */
  constructor(
    out: Out,
    open: OpenKeyspace | undefined,
    findings: Findings,
    options: KeyListingOptions,
  ) {
    this.out = out
    this.open = open
    this.findings = findings
    this.options = options
  }

  async table(): Promise<void> {
    const sheet = await openSheet(this.out)
    const { open, options, findings } = this
    if (open && options.count) this.out.line(String(this.count()))
    else if (open) {
      const table = new KeyTable(this.out, sheet.theme, options.disclosure, open.bounds.revision)
      const entries = this.entries()
      table.head()
      this.each(entries, (entry, value) => table.entry(entry, value))
    }
    showFindings(sheet, findings)
    if (open && findings.of('error') > 0) {
      sheet.gap()
      sheet.prose('Keys may be missing: not all of the file could be read.', 0)
    }
  }

  lines(envelope: object): void {
    const { out, options } = this
    const count = options.count ? this.count() : undefined
    const entries = options.count ? [] : this.entries()
    out.line(toJson({ type: 'header', ...envelope, ...this.head() }))
    const lines = new KeyLines(options.disclosure)
    this.each(entries, (entry, value) => out.line(lines.line(entry, value)))
    const { findings, counts } = findingsReport(this.findings)
    for (const finding of findings) out.line(toJson({ type: 'finding', ...finding }))
    out.line(toJson({ type: 'summary', count: count ?? this.listed, ...this.partial(), counts }))
  }

  /** The document for `-o json` and `-o yaml`; its keys are made one by one as it is written. */
  document(): object {
    const { options } = this
    if (options.count) {
      const count = this.count()
      return { ...this.head(), count, ...this.partial(), ...findingsReport(this.findings) }
    }
    const keys = this.reports(this.checkedEntries())
    return { ...this.head(), ...this.partial(), keys, ...findingsReport(this.findings) }
  }

  private head(): object {
    const { open, options } = this
    return open ? keysHead(open.path, open.bounds, options.query.revision) : {}
  }

  private partial(): { partial?: true } {
    return this.findings.of('error') > 0 ? { partial: true } : {}
  }

  private entries(): Iterable<KeyEntry> {
    const { open } = this
    if (open === undefined) return []
    return open.keys?.entries() ?? this.revisions(open, this.findings)
  }

  /** For a document, which has the findings in one piece: the rows are gone over twice. */
  private checkedEntries(): Iterable<KeyEntry> {
    const { open } = this
    if (open === undefined || open.keys) return this.entries()
    for (const _ of this.revisions(open, this.findings));
    return this.revisions(open, new Findings())
  }

  /** All that was not read before, as a stream. */
  private *revisions({ db }: OpenKeyspace, findings: Findings): Iterable<KeyEntry> {
    yield* revisionEntries(db, findings, this.options.query)
    if (!hasMoved(db)) return
    const message =
      'the file was written to while it was read, and in this order it is read only once'
    findings.report('DB_NEVER_STILL', { path: db.source.name }, { message })
  }

  private count(): number {
    const { open } = this
    if (open === undefined) return 0
    if (open.keys) return open.keys.count()
    let count = 0
    for (const _ of this.revisions(open, this.findings)) count += 1
    return count
  }

  private each(
    entries: Iterable<KeyEntry>,
    show: (entry: KeyEntry, value: Uint8Array | undefined) => void,
  ): void {
    const { open, options } = this
    const { limit = Number.POSITIVE_INFINITY, disclosure } = options
    if (open === undefined || limit === 0) return
    const values = needsValues(disclosure) ? new ValueReader(open.db.source) : undefined
    for (const entry of entries) {
      show(entry, entry.tombstone ? undefined : values?.read(entry))
      this.listed += 1
      if (this.listed === limit) return
    }
  }

  private *reports(entries: Iterable<KeyEntry>): Iterable<object> {
    const { open, options } = this
    const { limit = Number.POSITIVE_INFINITY, disclosure } = options
    if (open === undefined || limit === 0) return
    const values = needsValues(disclosure) ? new ValueReader(open.db.source) : undefined
    for (const entry of entries) {
      yield keyReport(entry, disclosure, entry.tombstone ? undefined : values?.read(entry))
      this.listed += 1
      if (this.listed === limit) return
    }
  }
}
