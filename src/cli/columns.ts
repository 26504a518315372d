import type { Out } from './out.ts'
import { visibleWidth } from './terminal.ts'

export interface Column {
  readonly title: string
  /** Cells that are wider shift the rest of their row: nothing is cut. */
  readonly width: number
  readonly right?: boolean
}

/** Writes rows as they come, in columns of set widths: for lists without end. */
export class Columns {
  readonly #out: Out
  readonly #columns: readonly Column[]

  constructor(out: Out, columns: readonly Column[]) {
    this.#out = out
    this.#columns = columns
  }

  /** Writes the titles, passed through `paint`. */
  head(paint: (text: string) => string = (text) => text): void {
    this.#out.line(paint(this.#format(this.#columns.map(({ title }) => title))))
  }

  row(cells: readonly string[]): void {
    this.#out.line(this.#format(cells))
  }

  #format(cells: readonly string[]): string {
    let line = ''
    let column = 0
    for (const cell of cells) {
      const { width = 0, right = false } = this.#columns[column++] ?? {}
      const padding = ' '.repeat(Math.max(0, width - visibleWidth(cell)))
      line += right ? `${padding}${cell}  ` : `${cell}${padding}  `
    }
    return line.trimEnd()
  }
}
