import type { Findings } from '../../lib/findings/findings.ts'
import { escapeForTerminal } from '../../lib/report/escape.ts'
import { afterwards } from '../../lib/report/space.ts'
import { KEY_BUCKET } from '../../lib/store/revision.ts'
import type { Space, SpaceBy } from '../../lib/store/space.ts'
import type { SpaceGroup } from '../../lib/store/space-top.ts'
import type { Usage } from '../../lib/store/space-usage.ts'
import { showFindings } from '../inspect/findings.ts'
import type { Sheet } from '../inspect/sheet.ts'
import { exactSize, humanSize } from '../inspect/size.ts'
import { count, shown } from '../inspect/text.ts'
import { visibleWidth } from '../terminal.ts'

const GAP = '  '

/** What groups are called that have no name of their own. */
const NAMELESS: Readonly<Record<SpaceBy, string>> = {
  prefix: '(no prefix)',
  key: '(the empty key)',
  kind: '(no object of Kubernetes)',
  namespace: '(the whole cluster)',
}

/** Shows what takes up the space of a db, what could be given back, and the largest groups. */
export function showSpace(
  sheet: Sheet,
  path: string,
  by: SpaceBy,
  space: Space | undefined,
  findings: Findings,
): void {
  if (space) {
    sheet.line(sheet.theme.bold(`space  ${shown(path)}`))
    showTotals(sheet, space)
    showReclaim(sheet, space)
    showGroups(sheet, by, space)
  }
  showFindings(sheet, findings)
}

function showTotals(sheet: Sheet, { pages, pageSize, usage, tombstones }: Space): void {
  const { live, history } = usage
  const others = pages.buckets.filter(({ name }) => name !== KEY_BUCKET)
  const otherBytes = others.reduce((sum, { bytes }) => sum + bytes, 0)
  sheet.field('size', [
    exactSize(pages.total * pageSize),
    `${count(pages.total, 'page')} of ${humanSize(pageSize)}`,
  ])
  sheet.field('free', [humanSize(pages.free * pageSize), count(pages.free, 'page')])
  sheet.field('live', [humanSize(live.bytes), count(live.keys, 'key')])
  sheet.field('history', [
    humanSize(history.bytes),
    count(history.records - tombstones, 'overwritten or deleted revision'),
    count(tombstones, 'deletion'),
  ])
  sheet.field('other buckets', [humanSize(otherBytes)])
}

function showReclaim(sheet: Sheet, space: Space): void {
  const { bounds, reclaim } = space
  const { records, bytes } = reclaim.compaction
  const compacted =
    records === 0
      ? ['would remove nothing']
      : [
          `at revision ${bounds.revision} would remove ${count(records, 'row')}, ${humanSize(bytes)};`,
          'the file stays as large',
        ]
  sheet.field('compaction', compacted, ' ')
  const left = (size: number): string =>
    `${humanSize(size)}, ${humanSize(afterwards(space, size).bytes)} less`
  const facts = [`would leave some ${left(reclaim.defragmented)};`]
  if (records > 0) {
    facts.push(`behind a compaction some ${left(reclaim.compactedAndDefragmented)}`)
  }
  sheet.field('defragment', facts, ' ')
}

/** A line each, as wide as it needs: names are never cut, and there may be thousands. */
function showGroups(sheet: Sheet, by: SpaceBy, { groups, rest, usage }: Space): void {
  sheet.gap()
  const rows = groups.map((group) => [...cellsOf(group.usage, usage), nameOf(by, group)])
  if (rest.groups > 0) {
    rows.push([...cellsOf(rest.usage, usage), `… ${count(rest.groups, 'more', 'more')}`])
  }
  const head = ['TOTAL', '%', 'LIVE', 'KEYS', 'HISTORY', 'RECORDS', 'CHANGES', by.toUpperCase()]
  const widths = head.map((title, at) =>
    rows.reduce((width, row) => Math.max(width, visibleWidth(row[at] ?? '')), title.length),
  )
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, at) => (at === cells.length - 1 ? cell : cell.padStart(widths[at] ?? 0)))
      .join(GAP)
  sheet.line(sheet.theme.dim(line(head)), 2)
  for (const row of rows) sheet.line(line(row), 2)
}

function cellsOf({ live, history, changes }: Usage, all: Usage): string[] {
  const total = live.bytes + history.bytes
  const share = (100 * total) / Math.max(1, all.live.bytes + all.history.bytes)
  return [
    humanSize(total),
    share.toFixed(share < 9.95 ? 1 : 0),
    humanSize(live.bytes),
    String(live.keys),
    humanSize(history.bytes),
    String(history.records),
    String(changes),
  ]
}

function nameOf(by: SpaceBy, { name }: SpaceGroup): string {
  if (name === undefined) return by === 'namespace' ? NAMELESS.kind : NAMELESS[by]
  return name.length === 0 ? NAMELESS[by] : escapeForTerminal(name)
}
