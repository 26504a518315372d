import type { Out } from '../out.ts'
import { type DrawTable, type Grid, loadTables, tableWidth } from '../table.ts'
import { terminalWidth, visibleWidth } from '../terminal.ts'
import { loadTheme, type Theme } from '../theme.ts'
import { flow } from './flow.ts'

const INDENT = 2
const LABEL_WIDTH = 14
const TABLE_INDENT = 4
const BETWEEN_FACTS = '   '

/** Wider lines are hard to read. */
const WIDEST_PROSE = 100

/** Where cards are written: aligned labels and values, small tables, prose; as wide as fits. */
export class Sheet {
  readonly theme: Theme
  /** Columns that a value has. */
  readonly room: number
  readonly #out: Out
  readonly #width: number
  readonly #drawTable: DrawTable

  constructor(out: Out, theme: Theme, width: number, drawTable: DrawTable) {
    this.#out = out
    this.#width = width
    this.theme = theme
    this.#drawTable = drawTable
    this.room = width - INDENT - LABEL_WIDTH
  }

  gap(): void {
    this.#out.line()
  }

  /** A label and its facts, which stand on one line if they fit. */
  field(label: string, facts: readonly string[], separator = BETWEEN_FACTS): void {
    this.#labelled(this.theme.dim(label.padEnd(LABEL_WIDTH)), flow(facts, separator, this.room))
  }

  /** A field that begins a part of the card. */
  section(label: string, facts: readonly string[]): void {
    this.gap()
    this.#labelled(
      this.theme.bold(label.padEnd(LABEL_WIDTH)),
      flow(facts, BETWEEN_FACTS, this.room),
    )
  }

  /** The first of the grids that fits the width, or else the last. */
  table(...grids: readonly [Grid, ...Grid[]]): void {
    const room = this.#width - TABLE_INDENT
    const grid = grids.find((each) => tableWidth(each) <= room) ?? (grids.at(-1) as Grid)
    for (const line of this.#drawTable(grid, this.theme.dim)) this.line(line, TABLE_INDENT)
  }

  /** Sentences, broken between words. */
  prose(text: string, indent: number, first = ''): void {
    const room = Math.min(this.#width, WIDEST_PROSE) - indent - visibleWidth(first)
    const hanging = ' '.repeat(visibleWidth(first))
    for (const [at, line] of flow(text.split(' '), ' ', room).entries()) {
      this.line(`${at === 0 ? first : hanging}${line}`, indent)
    }
  }

  line(text: string, indent = 0): void {
    this.#out.line(`${' '.repeat(indent)}${text}`)
  }

  #labelled(label: string, lines: readonly string[]): void {
    const hanging = ' '.repeat(LABEL_WIDTH)
    for (const [at, line] of lines.entries()) {
      this.line(`${at === 0 ? label : hanging}${line}`, INDENT)
    }
  }
}

/** A sheet on standard output, in its colours and its width. */
export async function openSheet(out: Out): Promise<Sheet> {
  return new Sheet(out, await loadTheme(), terminalWidth(), await loadTables())
}
