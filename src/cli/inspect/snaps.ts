import { basename } from 'node:path'
import type { DataDir } from '../../lib/member/data-dir.ts'
import type { SnapFile } from '../../lib/snap/snap-file.ts'
import type { Grid } from '../table.ts'
import { excerpt } from './excerpt.ts'
import { isDamaged } from './segments.ts'
import type { Sheet } from './sheet.ts'
import { humanSize } from './size.ts'
import { count, elided, shown } from './text.ts'

/** A table of a member's `.snap` files, with what etcd up to 3.6 makes of each. */
export function showSnaps(sheet: Sheet, dataDir: DataDir): void {
  const { snaps, loadedSnap } = dataDir
  if (snaps.length === 0) {
    sheet.section('snapshots', ['no .snap file'])
    return
  }
  const bytes = snaps.reduce((sum, snap) => sum + snap.bytes, 0)
  sheet.section('snapshots', [count(snaps.length, '.snap file'), humanSize(bytes)])
  const lines = excerpt(snaps, (snap) => snap === loadedSnap || !snap.loadable)
  const grid = (name: (path: string) => string): Grid => ({
    columns: [
      { title: 'INDEX', right: true },
      { title: 'TERM', right: true },
      { title: 'CRC' },
      { title: 'SIZE', right: true },
      { title: 'ETCD ≤ 3.6' },
      { title: 'FILE' },
    ],
    rows: lines.map((line) =>
      'skipped' in line
        ? [`… ${line.skipped} more, see --json`]
        : [...rowOf(sheet, dataDir, line.item), name(line.item.path)],
    ),
  })
  const fileName = (path: string): string => shown(basename(path))
  sheet.table(
    grid(fileName),
    grid((path) => elided(fileName(path))),
  )
}

function rowOf(sheet: Sheet, dataDir: DataDir, snap: SnapFile): string[] {
  const { index, term, crc, bytes } = snap
  const { bad } = sheet.theme
  const checksum = crc === undefined ? bad('–') : crc.ok ? 'ok' : bad('wrong')
  return [
    String(index ?? ''),
    String(term ?? ''),
    checksum,
    humanSize(bytes),
    useOf(sheet, dataDir, snap),
  ]
}

/** Whether etcd starts from this file, and if not, why. */
function useOf({ theme }: Sheet, { snaps, loadedSnap, wal }: DataDir, snap: SnapFile): string {
  if (!snap.loadable) return theme.bad('skips it')
  if (wal === undefined) return theme.warn('needs WAL')
  if (snap === loadedSnap) return isDamaged(wal.log) ? 'may load' : theme.ok('loads it')
  if (loadedSnap && snaps.indexOf(snap) > snaps.indexOf(loadedSnap)) return 'older'
  const isRecorded = wal.log.summary.snapshots.some(
    ({ index, term }) => index === snap.index && term === snap.term,
  )
  if (isRecorded) return theme.warn('uncommitted')
  return theme.warn(isDamaged(wal.log) ? 'unreachable' : 'not in WAL')
}
