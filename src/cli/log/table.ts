import type { Wal } from '../../lib/member/wal.ts'
import { escapeForTerminal } from '../../lib/report/escape.ts'
import { toJson } from '../../lib/report/json.ts'
import type { FrameReader } from '../../lib/wal/frame-reader.ts'
import type { LogPosition } from '../../lib/wal/log-walk.ts'
import type { Out } from '../out.ts'
import { terminalWidth, visibleWidth } from '../terminal.ts'
import type { Theme } from '../theme.ts'
import type { DecoderAnswer } from './stream-decoder.ts'
import { summaryOf } from './summary.ts'

/** What an entry's payload is shown as: see payloadReport. */
export interface ShownPayload {
  readonly request: string
  readonly detail: object
}

const TYPE_WIDTH = 11

/** Lists entries for people: a line each, and with `detail` all of what each holds below it. */
export class LogTable {
  private readonly out: Out
  private readonly theme: Theme
  private readonly detail: boolean
  private readonly width = terminalWidth()
  private readonly termWidth: number
  private readonly indexWidth: number

  constructor(out: Out, theme: Theme, { log }: Wal, detail: boolean) {
    this.out = out
    this.theme = theme
    this.detail = detail
    const { hardState, runs } = log.summary
    this.termWidth = Math.max(4, String(hardState?.term ?? '').length)
    this.indexWidth = Math.max(5, String(runs.last ?? '').length)
  }

  head(): void {
    const term = 'TERM'.padStart(this.termWidth)
    const index = 'INDEX'.padStart(this.indexWidth)
    this.out.line(this.theme.dim(`${term} ${index}   ${'TYPE'.padEnd(TYPE_WIDTH)} CONTENT`))
  }

  /** Makes what shows one entry, whose content a stream decoder may have told. */
  entry(
    frames: FrameReader,
    position: LogPosition,
    payload: ShownPayload,
  ): (decoded: DecoderAnswer | undefined) => void {
    const { term, index } = frames.entry
    const { mark, paint } = this.stateOf(position)
    const start =
      `${String(term).padStart(this.termWidth)} ${String(index).padStart(this.indexWidth)} ` +
      `${mark} ${payload.request.padEnd(TYPE_WIDTH)} `
    const below = this.detail ? detailLines(frames, position, payload) : []
    return (decoded) => {
      const content = decoded ? decodedText(decoded) : summaryOf(payload)
      this.out.line(paint(this.fitted(start + content)))
      for (const line of below) this.out.line(`    ${line}`)
    }
  }

  /** One record as it stands in its segment, for `--raw`. */
  record(record: { readonly [name: string]: unknown }): void {
    const {
      type: _,
      record: name,
      segment: __,
      offset,
      bytes,
      crc,
      beyondDamage,
      ...content
    } = record
    const place = `@${offset} ${bytes} bytes crc ${crc}`
    const rest = Object.values(content).map((value) => toJson(value))
    const line = `${String(name).padEnd(8)} ${place} ${rest.join(' ')}`.trimEnd()
    this.out.line((beyondDamage ? this.theme.bad : this.theme.dim)(this.fitted(line)))
  }

  private stateOf({ beyond, overwritten, committed }: LogPosition): {
    mark: string
    paint: (text: string) => string
  } {
    if (beyond) return { mark: '!', paint: this.theme.bad }
    if (overwritten) return { mark: 'x', paint: this.theme.dim }
    return committed ? { mark: ' ', paint: asIs } : { mark: '?', paint: this.theme.warn }
  }

  /** A line never wraps; `--detail` and `-o json` show what is cut. */
  private fitted(line: string): string {
    if (visibleWidth(line) <= this.width) return line
    let cut = line.slice(0, this.width - 1)
    while (visibleWidth(cut) > this.width - 1) cut = cut.slice(0, -1)
    return `${cut}…`
  }
}

/** Where an entry stands, and all that it holds. */
function detailLines(
  frames: FrameReader,
  { file }: LogPosition,
  { detail }: ShownPayload,
): readonly string[] {
  const bytes = frames.next - frames.offset
  const place = `${escapeForTerminal(file.path)} offset ${frames.offset}, ${bytes} bytes`
  return [place, ...toJson(detail, 2).split('\n')]
}

/** What the stream decoder says stands for what we would. */
function decodedText({ status, data }: DecoderAnswer): string {
  return `${escapeForTerminal(status)} ${escapeForTerminal(data)}`
}

function asIs(text: string): string {
  return text
}
