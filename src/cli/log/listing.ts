import type { Findings } from '../../lib/findings/findings.ts'
import type { MemberLog } from '../../lib/member/read-log.ts'
import { plusOne } from '../../lib/proto/uint64.ts'
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
  readonly fromSnapshot: boolean
  readonly limits: SelectionLimits
  readonly disclosure: Disclosure
  readonly detail: boolean
  readonly streamDecoder: string | undefined
}

/** Lists a log: for people, as NDJSON, or as one document. */
export class LogListing {
  private readonly out: Out
  private readonly log: MemberLog | undefined
  private readonly findings: Findings
  private readonly options: ListingOptions

  /** @param log undefined when there is none: then only the findings are shown */
  constructor(out: Out, log: MemberLog | undefined, findings: Findings, options: ListingOptions) {
    this.out = out
    this.log = log
    this.findings = findings
    this.options = options
  }

  async table(): Promise<void> {
    const sheet = await openSheet(this.out)
    const { wal } = this.log ?? {}
    if (wal) {
      const { detail, disclosure } = this.options
      const table = new LogTable(this.out, sheet.theme, wal, detail)
      table.head()
      await this.each(({ frames, position, payload, matches }, answer) => {
        if (this.options.limits.records) table.record(recordReport(frames, position))
        if (!matches) return
        table.entry(frames, position, payloadReport(frames, disclosure, payload), answer)
      })
    }
    showFindings(sheet, this.findings)
  }

  async lines(envelope: object): Promise<void> {
    const { out, log } = this
    out.line(toJson({ type: 'header', ...envelope, ...(log ? logReport(log.wal) : {}) }))
    if (this.options.streamDecoder === undefined) this.plainLines()
    else await this.each((selection, answer) => out.line(toJson(this.entry(selection, answer))))
    const { findings, counts } = findingsReport(this.findings)
    for (const finding of findings) out.line(toJson({ type: 'finding', ...finding }))
    out.line(toJson({ type: 'summary', counts }))
  }

  /** The document for `-o json` and `-o yaml`; its entries are made one by one as it is written. */
  async document(): Promise<object> {
    const entries = this.options.streamDecoder === undefined ? this.items() : await this.decoded()
    const head = this.log ? logReport(this.log.wal) : {}
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
    await this.each((selection, answer) => entries.push(this.entry(selection, answer)))
    return entries
  }

  private entry({ frames, position, payload }: Selection, decoder?: DecoderAnswer): object {
    return { ...entryReport(frames, position, this.options.disclosure, payload), decoder }
  }

  /** Calls `show` for everything that is selected, with what the stream decoder says of it. */
  private async each(
    show: (selection: Selection, answer: DecoderAnswer | undefined) => void,
  ): Promise<void> {
    const selection = this.select()
    if (selection === undefined) return
    const { streamDecoder } = this.options
    const decoder = streamDecoder === undefined ? undefined : new StreamDecoder(streamDecoder)
    try {
      while (selection.next()) {
        const { bytes, entry } = selection.frames
        const data = bytes.subarray(entry.dataStart, entry.dataEnd)
        const asked = selection.matches && !selection.frames.large
        show(selection, asked ? await decoder?.decode(data) : undefined)
      }
    } finally {
      decoder?.close()
      selection.close()
    }
  }

  private select(): Selection | undefined {
    const { log, options } = this
    if (log === undefined || log.wal.log.segments.length === 0) return undefined
    const { query, fromSnapshot, limits } = options
    const from = fromSnapshot ? { startIndex: plusOne(log.startIndex ?? 0) } : {}
    return new Selection(log.wal.log, { ...query, ...from }, limits)
  }
}
