import { basename } from 'node:path'
import { below } from '../../lib/io/paths.ts'
import { excerpt } from './excerpt.ts'
import type { Sheet } from './sheet.ts'
import { count, isBelow, shown } from './text.ts'

/** What etcd leaves behind, and why. Source: the functions that make these names @ v3.6.14. */
const KINDS: readonly (readonly [RegExp, string])[] = [
  [/^\d+\.tmp$/, 'preallocated WAL segment, not in use yet'],
  [/\.wal\.broken$/, 'segment before etcd cut off its torn record'],
  [/\.snap\.broken$/, '.snap that etcd could not load'],
  [/^db\.tmp/, 'of an interrupted defragmentation'],
  [/^tmp\d+$/, 'of an interrupted snapshot from the leader'],
  [/^wal\.tmp$/, 'half-made WAL directory'],
  [/^wal\.broken\./, 'half-made WAL directory, put aside'],
  [/\.part$/, 'unfinished snapshot save'],
  [/\.wal$/, 'not the name of a segment'],
]

/** A table of files that belong to no running member, with what they are. */
export function showExtraFiles(sheet: Sheet, root: string, paths: readonly string[]): void {
  if (paths.length === 0) return
  sheet.section('left over', [count(paths.length, 'name')])
  const lines = excerpt(paths, () => false).map((line) =>
    'skipped' in line
      ? [`… ${line.skipped} more, see --json`]
      : [shown(relativeTo(root, line.item)), sheet.theme.dim(kindOf(line.item))],
  )
  const below = lines.flatMap(([name = '', kind]) => (kind ? [[name], [`  ${kind}`]] : [[name]]))
  sheet.table(
    { columns: [{ title: '' }, { title: '' }], rows: lines },
    { columns: [{ title: '' }], rows: below },
  )
}

function kindOf(path: string): string {
  const name = basename(path)
  return KINDS.find(([pattern]) => pattern.test(name))?.[1] ?? 'unknown to etcd'
}

function relativeTo(root: string, path: string): string {
  return isBelow(root, path) ? path.slice(below(root, '').length) : path
}
