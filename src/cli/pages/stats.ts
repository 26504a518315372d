import type { BucketStats, KindStats, PageStats } from '../../lib/bolt/page-stats.ts'
import type { Sheet } from '../inspect/sheet.ts'
import { humanSize } from '../inspect/size.ts'
import { shown } from '../inspect/text.ts'
import type { Grid } from '../table.ts'

/** Shows how many pages there are of each kind, and what each bucket uses of its own. */
export function showStats(sheet: Sheet, { kinds, buckets }: PageStats): void {
  sheet.section(
    'pages',
    [...kinds].map(([kind, number]) => `${number} ${kind}`),
  )
  sheet.gap()
  const columns = [
    { title: 'BUCKET' },
    ...['ROWS', 'DEPTH', 'BRANCH', 'LEAF', 'OVERFLOW', 'BYTES', 'IN USE'].map((title) => ({
      title,
      right: true,
    })),
  ]
  const grid: Grid = { columns, rows: buckets.map(rowOf) }
  sheet.table(grid)
}

function rowOf({ name, keys, depth, branch, leaf, inline }: BucketStats): string[] {
  const bytes = branch.bytes + leaf.bytes
  const used = inline ?? branch.inUse + leaf.inUse
  const numbers = [keys, depth, branch.pages, leaf.pages, branch.overflow + leaf.overflow]
  return [
    shown(name),
    ...numbers.map(String),
    inline === undefined ? humanSize(bytes) : 'inline',
    inUse(used, bytes),
  ]
}

function inUse(used: number, bytes: KindStats['bytes']): string {
  return bytes === 0
    ? humanSize(used)
    : `${humanSize(used)} (${Math.floor((used * 100) / bytes)} %)`
}
