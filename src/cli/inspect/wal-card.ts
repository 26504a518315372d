import { committedMembership, type Wal } from '../../lib/member/wal.ts'
import type { LogSummary } from '../../lib/wal/log-summary.ts'
import { visibleWidth } from '../terminal.ts'
import { showExtraFiles } from './extra-files.ts'
import { showIdentity } from './identity.ts'
import { type Roster, showMembers } from './members.ts'
import { showSegments } from './segments.ts'
import type { Sheet } from './sheet.ts'
import { exactSize, humanSize } from './size.ts'
import { count, isBelow, shown } from './text.ts'

/** Stretches of the log, or snapshot records, that are named one by one. */
const MOST_NAMED = 5

/** The card of a WAL directory, or of one segment, that stands by itself. */
export function showWal(sheet: Sheet, wal: Wal): void {
  const { summary, startSnapshot, segments } = wal.log
  const membership = committedMembership(wal)
  const roster: Roster = {
    confState: membership?.confState,
    members: membership?.members ?? [],
    removed: membership?.removedMembers ?? [],
    self: summary.metadata?.memberId,
    index: summary.hardState?.commit,
  }
  const many = segments.length === 1 ? [] : [count(segments.length, 'segment')]
  sheet.field('size', [exactSize(wal.bytes), ...many])
  showIdentity(sheet, wal, roster, membership?.clusterVersion)
  if (startSnapshot) sheet.field('starts at', [`index ${startSnapshot.index}`])
  showMembers(sheet, roster)
  sheet.section('log', rangeOf(summary))
  showRecords(sheet, wal)
  showExtraFiles(sheet, wal.path, wal.extraFiles)
}

/** A WAL as part of a member, whose data dir it may be outside of. */
export function showWalSection(sheet: Sheet, wal: Wal, dataDir: string): void {
  const { segments, summary } = wal.log
  const elsewhere = isBelow(dataDir, wal.path) ? [] : [`in ${shown(wal.path)}`]
  sheet.section('WAL', [count(segments.length, 'segment'), humanSize(wal.bytes), ...elsewhere])
  if (segments.length > 0) sheet.field('log', rangeOf(summary))
  showRecords(sheet, wal)
}

function showRecords(sheet: Sheet, { log }: Wal): void {
  const { summary, segments } = log
  const byType = [...summary.counts.result()].sort(([, a], [, b]) => b - a)
  if (byType.length > 0) sheet.field('by type', [oneLine(byType, sheet.room)])
  if (summary.snapshots.length > 0) sheet.field('snap records', snapshotsOf(summary), ', ')
  if (summary.beyond.records > 0) sheet.field('unreachable', beyondOf(sheet, summary))
  showSegments(sheet, segments)
}

function rangeOf({ runs: { runs, overwritten }, entries }: LogSummary): string[] {
  if (runs.length === 0) return ['no entries']
  const stretches = runs.slice(-MOST_NAMED).map(({ first, last }) => `${first}–${last}`)
  const older = runs.length > MOST_NAMED ? '…, ' : ''
  return [
    `index ${older}${stretches.join(', ')}`,
    count(entries, 'entry', 'entries'),
    ...(overwritten > 0 ? [`${overwritten} overwritten`] : []),
  ]
}

/** As many kinds of entries as fit on a line, the most frequent first. */
function oneLine(byType: readonly (readonly [string, number])[], room: number): string {
  let line = ''
  for (const [position, [name, number]] of byType.entries()) {
    const longer = `${line}${line && ', '}${name} ${number}`
    const left = byType.length - position - 1
    const end = left > 0 ? `, … ${left} more types` : ''
    if (position > 0 && visibleWidth(longer + end) > room)
      return `${line}, … ${left + 1} more types`
    line = longer
  }
  return line
}

function snapshotsOf({ snapshots }: LogSummary): string[] {
  const newest = snapshots.slice(-MOST_NAMED)
  const older = snapshots.length - newest.length
  return [
    ...(older > 0 ? [`${older} older`] : []),
    ...newest.map(({ index, term }) => `${index} (term ${term})`),
  ]
}

/** What is whole behind the damage. */
function beyondOf({ theme }: Sheet, { beyond }: LogSummary): string[] {
  const { records, entries, firstIndex, lastIndex, hardState } = beyond
  return [
    theme.bad(count(records, 'record')),
    theme.bad(count(entries, 'entry', 'entries')),
    ...(entries > 0 ? [`index ${firstIndex}–${lastIndex}`] : []),
    ...(hardState ? [`commit ${hardState.commit}`] : []),
  ]
}
