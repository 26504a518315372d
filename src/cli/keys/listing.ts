import { Findings } from '../../lib/findings/findings.ts'
import { reportChange } from '../../lib/io/report-change.ts'
import type { OpenDb } from '../../lib/member/open-db.ts'
import { findingsReport } from '../../lib/report/finding.ts'
import { toJson } from '../../lib/report/json.ts'
import { KeyLines } from '../../lib/report/key-lines.ts'
import { type KeyDisclosure, keyReport, keysHead, needsValues } from '../../lib/report/keys.ts'
import { Keyspace, type KeyspaceQuery, revisionEntries } from '../../lib/store/keyspace.ts'
import type { KeyspaceBounds } from '../../lib/store/keyspace-bounds.ts'
import type { KeyEntry } from '../../lib/store/keyspace-entry.ts'
import { ValueReader } from '../../lib/store/keyspace-value.ts'
import { showFindings } from '../inspect/findings.ts'
import { openSheet } from '../inspect/sheet.ts'
import type { Out } from '../out.ts'
import { KeyTable } from './table.ts'

/** What of a keyspace is to be listed, and how. */
export interface KeyListingOptions {
  readonly query: KeyspaceQuery
  /** As the rows stand in the file, without any state. */
  readonly inFileOrder: boolean
  readonly limit: number | undefined
  /** Only how many there are. */
  readonly count: boolean
  readonly disclosure: KeyDisclosure
}

/** A db, and which revisions it can show. */
export interface OpenKeyspace extends OpenDb {
  readonly bounds: KeyspaceBounds
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
    const entries = options.inFileOrder ? this.checkedRevisions() : this.entries()
    const keys = this.reports(entries)
    return { ...this.head(), ...this.partial(), keys, ...findingsReport(this.findings) }
  }

  private head(): object {
    const { open, options } = this
    return open ? keysHead(open.path, open.bounds, options.query.revision) : {}
  }

  private partial(): { partial?: true } {
    return this.findings.of('error') > 0 ? { partial: true } : {}
  }

  /** In key order all rows are read before the first entry comes: findings are known by then. */
  private entries(): Iterable<KeyEntry> {
    const { open, findings, options } = this
    if (open === undefined) return []
    if (options.inFileOrder) return revisionEntries(open.db, findings, options.query)
    const keyspace = new Keyspace(open.db, findings, options.query)
    reportChange(open.db.source, findings)
    return keyspace.entries()
  }

  /** For a document, which has the findings in one piece: the rows are gone over twice. */
  private checkedRevisions(): Iterable<KeyEntry> {
    const { open, findings, options } = this
    if (open === undefined) return []
    for (const _ of revisionEntries(open.db, findings, options.query));
    return revisionEntries(open.db, new Findings(), options.query)
  }

  private count(): number {
    const { open, findings, options } = this
    if (open === undefined) return 0
    if (!options.inFileOrder) return new Keyspace(open.db, findings, options.query).count()
    let count = 0
    for (const _ of revisionEntries(open.db, findings, options.query)) count += 1
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
