import type TableType from 'cli-table3'
import type { CellOptions } from 'cli-table3'
import { visibleWidth } from './terminal.ts'

export interface Column {
  readonly title: string
  /** Flush right, as numbers are. */
  readonly right?: boolean
}

/**
 * A table of which all rows are at hand. The last cell of a row that is shorter than the head may
 * run on below the columns that follow.
 */
export interface Grid {
  readonly columns: readonly Column[]
  readonly rows: readonly (readonly string[])[]
}

/** Draws a grid as lines without borders, every column as wide as its widest cell. */
export type DrawTable = (grid: Grid, paintHead: (text: string) => string) => readonly string[]

const GAP = 2

/** The edges and rules that cli-table3 would draw; rows of nothing but '' are left out. */
const INVISIBLE = Object.fromEntries(
  'top top-mid top-left top-right bottom bottom-mid bottom-left bottom-right left left-mid mid mid-mid right right-mid middle'
    .split(' ')
    .map((edge) => [edge, '']),
)

/**
 * Loads what draws tables.
 *
 * It is for a few hundred rows at most: cli-table3 takes seconds for thousands.
 */
export async function loadTables(): Promise<DrawTable> {
  const { default: Table } = await import('cli-table3')
  return (grid, paintHead) => draw(Table, grid, paintHead)
}

function draw(
  Table: typeof TableType,
  { columns, rows }: Grid,
  paintHead: (text: string) => string,
): readonly string[] {
  const table = new Table({
    chars: INVISIBLE,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': GAP },
    colWidths: drawnWidths({ columns, rows }),
    colAligns: columns.map(({ right }) => (right ? 'right' : 'left')),
  })
  if (columns.some(({ title }) => title !== '')) {
    table.push(columns.map(({ title }) => paintHead(title)))
  }
  table.push(...rows.map((row) => spread(row, columns.length)))
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
}

/** Columns that every cell needs; one that runs on below others does not count. */
function columnWidths({ columns, rows }: Grid): readonly number[] {
  return columns.map(({ title }, at) => {
    const cells = rows.filter((row) => at < row.length - 1 || row.length === columns.length)
    return Math.max(title.length, ...cells.map((row) => visibleWidth(row[at] ?? '')))
  })
}

/** The same with their gaps; and the last one so wide that no cell that runs on is cut. */
function drawnWidths(grid: Grid): number[] {
  const widths = columnWidths(grid).map((width) => width + GAP)
  const missing = grid.rows.map((row) => {
    const room = widths.slice(row.length - 1).reduce((sum, width) => sum + width, -GAP)
    return visibleWidth(row.at(-1) ?? '') - room
  })
  const last = widths.length - 1
  return widths.map((width, at) => (at === last ? width + Math.max(0, ...missing) : width))
}

/** How wide a grid is, but for cells that run on. */
export function tableWidth(grid: Grid): number {
  const widths = columnWidths(grid)
  return widths.reduce((sum, width) => sum + width, GAP * (widths.length - 1))
}

function spread(row: readonly string[], columns: number): (string | CellOptions)[] {
  const last = row.at(-1)
  if (last === undefined || row.length === columns) return [...row]
  return [...row.slice(0, -1), { content: last, colSpan: columns - row.length + 1, hAlign: 'left' }]
}
