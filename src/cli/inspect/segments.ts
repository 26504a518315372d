import { basename } from 'node:path'
import type { LogScan } from '../../lib/wal/log-scan.ts'
import type { SegmentScan } from '../../lib/wal/segment-scan.ts'
import type { Grid } from '../table.ts'
import { excerpt } from './excerpt.ts'
import type { Sheet } from './sheet.ts'
import { humanSize } from './size.ts'
import { elided, shown } from './text.ts'

/** A table of WAL segments, with how each ends. */
export function showSegments(sheet: Sheet, segments: readonly SegmentScan[]): void {
  if (segments.length === 0) return
  const lines = excerpt(segments, ({ tail }) => tail === 'corrupt' || tail === 'torn')
  const grid = (name: (path: string) => string): Grid => ({
    columns: [
      { title: 'SEQ', right: true },
      { title: 'FIRST INDEX', right: true },
      { title: 'RECORDS', right: true },
      { title: 'ENTRIES', right: true },
      { title: 'SIZE', right: true },
      { title: 'ENDS' },
      { title: 'FILE' },
    ],
    rows: lines.map((line) =>
      'skipped' in line
        ? [`… ${line.skipped} more, see --json`]
        : [...rowOf(sheet, line.item), name(line.item.file.path)],
    ),
  })
  const fileName = (path: string): string => shown(basename(path))
  sheet.table(
    grid(fileName),
    grid((path) => elided(fileName(path))),
  )
}

/** Whether there is damage that etcd does not mend: it refuses to start, or drops what follows. */
export function isDamaged({ segments }: LogScan): boolean {
  return segments.some(({ tail }) => tail === 'corrupt')
}

function rowOf(sheet: Sheet, segment: SegmentScan): string[] {
  const { file, records, entries } = segment
  return [
    String(file.seq ?? ''),
    String(file.firstIndex ?? ''),
    String(records),
    String(entries),
    humanSize(file.bytes),
    endOf(sheet, segment),
  ]
}

/** Regular ends are zeros that were preallocated, or nothing behind the last record. */
function endOf({ theme }: Sheet, segment: SegmentScan): string {
  const { tail, lastValidOffset: at } = segment
  if (tail === 'corrupt') return theme.bad(`corrupt at ${at}`)
  if (tail === 'torn') return theme.warn(`torn at ${at}`)
  return isBeyond(segment) ? theme.bad('unreachable') : tail
}

/** Whether etcd never gets to it, because of damage in a segment before. */
function isBeyond({ records, spans }: SegmentScan): boolean {
  return records === 0 && spans.some(({ beyond }) => beyond)
}
