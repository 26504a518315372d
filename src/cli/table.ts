import type { CellOptions, HorizontalAlignment } from 'cli-table3'
import { terminalWidth, visibleWidth } from './terminal.ts'

export interface TableOptions {
  readonly head?: readonly string[]
  readonly rows: readonly (readonly string[])[]
  /** Columns that are flush right: numbers. */
  readonly right?: readonly number[]
  readonly width?: number
}

const gap = 2
const narrowest = 8

/** The edges and rules that cli-table3 would draw; rows of nothing but '' are left out. */
const invisible = Object.fromEntries(
  'top top-mid top-left top-right bottom bottom-mid bottom-left bottom-right left left-mid mid mid-mid right right-mid middle'
    .split(' ')
    .map((edge) => [edge, '']),
)

/**
 * A table of columns that fits the terminal: cells too wide for it are wrapped, never cut.
 *
 * For a few hundred rows at most: cli-table3 takes seconds for thousands. Use Columns for those.
 */
export async function renderTable(options: TableOptions): Promise<string> {
  const { head = [], rows, right = [], width = terminalWidth() } = options
  const { default: Table } = await import('cli-table3')
  const widths = fit(naturalWidths([head, ...rows]), width)
  const table = new Table({
    chars: invisible,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': gap },
    colWidths: widths.map((columns) => columns + gap),
    colAligns: widths.map(
      (_, column): HorizontalAlignment => (right.includes(column) ? 'right' : 'left'),
    ),
  })
  const all = head.length > 0 ? [head, ...rows] : rows
  table.push(...all.map((row) => row.map((cell, column) => wrapped(cell, widths[column] ?? 0))))
  return `${table.toString().replace(/ +$/gm, '')}\n`
}

function naturalWidths(rows: readonly (readonly string[])[]): number[] {
  const widths: number[] = []
  for (const row of rows) {
    row.forEach((cell, column) => {
      widths[column] = Math.max(widths[column] ?? 0, ...cell.split('\n').map(visibleWidth))
    })
  }
  return widths
}

/** Takes from the widest column until all of them fit. */
function fit(natural: readonly number[], width: number): number[] {
  const widths = [...natural]
  const room = width - gap * (widths.length - 1)
  let excess = widths.reduce((sum, columns) => sum + columns, 0) - room
  while (excess > 0) {
    const widest = Math.max(...widths)
    if (widest <= narrowest) break
    widths[widths.indexOf(widest)] = widest - 1
    excess -= 1
  }
  return widths
}

/** Breaks at spaces, but a word (a key, a path) longer than the column anywhere. */
function wrapped(content: string, width: number): CellOptions {
  const longestWord = Math.max(...content.split(/\s/).map(visibleWidth))
  return { content, wordWrap: true, wrapOnWordBoundary: longestWord <= width }
}
