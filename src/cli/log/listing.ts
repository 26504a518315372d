import type { Findings } from '../../lib/findings/findings.ts'
import type { Wal } from '../../lib/member/wal.ts'
import type { Disclosure } from '../../lib/report/bytes.ts'
import { EntryLines } from '../../lib/report/entry-lines.ts'
import { findingsReport } from '../../lib/report/finding.ts'
import { toJson } from '../../lib/report/json.ts'
import { entryReport, logReport, payloadReport, recordReport } from '../../lib/report/log.ts'
import type { EntryQuery } from '../../lib/wal/entry-query.ts'
import { Selection, type SelectionLimits } from '../../lib/wal/selection.ts'
import { showFindings } from '../inspect/findings.ts'
import { openSheet } from '../inspect/sheet.ts'
import type { Out } from '../out.ts'
import { type DecoderAnswer, StreamDecoder } from './stream-decoder.ts'
import { LogTable } from './table.ts'

/** What of a log is to be listed, and how. */
export interface ListingOptions {
  readonly query: EntryQuery
  readonly limits: SelectionLimits
  readonly disclosure: Disclosure
  readonly detail: boolean
  readonly streamDecoder: string | undefined
}

/** Shows an entry, with what a stream decoder says of it. */
type Show = (answer: DecoderAnswer | undefined) => void

/** Lists a log: for people, as NDJSON, or as one document. */
export class LogListing {
  private readonly out: Out
  private readonly wal: Wal | undefined
  private readonly findings: Findings
  private readonly options: ListingOptions

  /** @param wal undefined when there is none: then only the findings are shown */
  constructor(out: Out, wal: Wal | undefined, findings: Findings, options: ListingOptions) {
    this.out = out
    this.wal = wal
    this.findings = findings
    this.options = options
  }

  async table(): Promise<void> {
    const sheet = await openSheet(this.out)
    const { wal } = this
    if (wal) {
      const { detail, disclosure, limits } = this.options
      const table = new LogTable(this.out, sheet.theme, wal, detail)
      table.head()
      await this.each(({ frames, position, payload, matches }) => {
        if (limits.records) table.record(recordReport(frames, position))
        if (!matches) return undefined
        return table.entry(frames, position, payloadReport(frames, disclosure, payload))
      })
    }
    showFindings(sheet, this.findings)
  }

  async lines(envelope: object): Promise<void> {
    const { out, wal } = this
    out.line(toJson({ type: 'header', ...envelope, ...(wal ? logReport(wal) : {}) }))
    if (this.options.streamDecoder === undefined) this.plainLines()
    else await this.decodedEntries((entry) => out.line(toJson(entry)))
    const { findings, counts } = findingsReport(this.findings)
    for (const finding of findings) out.line(toJson({ type: 'finding', ...finding }))
    out.line(toJson({ type: 'summary', counts }))
  }

  /** The document for `-o json` and `-o yaml`; its entries are made one by one as it is written. */
  async document(): Promise<object> {
    const entries = this.options.streamDecoder === undefined ? this.items() : await this.decoded()
    const head = this.wal ? logReport(this.wal) : {}
    return { ...head, entries, ...findingsReport(this.findings) }
  }

  /** The way for millions of lines: nothing is awaited, and hardly anything allocated. */
  private plainLines(): void {
    const { out, options } = this
    const selection = this.select()
    if (selection === undefined) return
    const lines = new EntryLines((data) => out.write(data), options.disclosure)
    try {
      while (selection.next()) {
        const { frames, position } = selection
        if (options.limits.records) {
          lines.flush()
          out.line(toJson(recordReport(frames, position)))
        }
        if (selection.matches) lines.add(frames, position, selection.payload)
      }
      lines.flush()
    } finally {
      selection.close()
    }
  }

  private *items(): Generator<object> {
    const selection = this.select()
    if (selection === undefined) return
    try {
      while (selection.next()) {
        const { frames, position } = selection
        if (this.options.limits.records) yield recordReport(frames, position)
        if (selection.matches) yield this.entry(selection)
      }
    } finally {
      selection.close()
    }
  }

  private async decoded(): Promise<object[]> {
    const entries: object[] = []
    await this.decodedEntries((entry) => entries.push(entry))
    return entries
  }

  /** Entries, and records when they are wanted, with what the stream decoder says of them. */
  private async decodedEntries(take: (item: object) => void): Promise<void> {
    await this.each((selection) => {
      const { frames, position, matches } = selection
      if (this.options.limits.records) take(recordReport(frames, position))
      if (!matches) return undefined
      const entry = this.entry(selection)
      return (decoder) => take({ ...entry, decoder })
    })
  }

  private entry({ frames, position, payload }: Selection): object {
    return entryReport(frames, position, this.options.disclosure, payload)
  }

  /**
   * Calls `prepare` for everything that is selected. What it returns shows the entry, which with a
   * stream decoder happens only when that has answered.
   */
  private async each(prepare: (selection: Selection) => Show | undefined): Promise<void> {
    const selection = this.select()
    if (selection === undefined) return
    const { streamDecoder } = this.options
    const decoder = streamDecoder === undefined ? undefined : new StreamDecoder(streamDecoder)
    try {
      while (selection.next()) {
        const show = prepare(selection)
        if (show === undefined) continue
        const { bytes, entry, large } = selection.frames
        if (decoder === undefined || large) show(undefined)
        else await decoder.decode(bytes.subarray(entry.dataStart, entry.dataEnd), show)
      }
      await decoder?.finish()
    } finally {
      selection.close()
    }
  }

  private select(): Selection | undefined {
    const { wal, options } = this
    if (wal === undefined || wal.log.segments.length === 0) return undefined
    return new Selection(wal.log, options.query, options.limits)
  }
}
