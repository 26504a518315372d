import type { Findings } from '../findings/findings.ts'
import { reportChange } from '../io/report-change.ts'
import type { Source } from '../io/source.ts'
import { unlessUnreadable } from '../io/unreadable.ts'
import { larger, plusOne, type Uint64 } from '../proto/uint64.ts'
import { startOfChain } from './chain.ts'
import { FrameReader } from './frame-reader.ts'
import { LogSummary } from './log-summary.ts'
import { openSegment, type SegmentFile } from './segment-file.ts'
import { type SegmentScan, scanSegment } from './segment-scan.ts'
import type { WalSnapshot } from './wal-snapshot.ts'

/** A log read from end to end: every record checked, every damage reported. */
export interface LogScan {
  readonly segments: readonly SegmentScan[]
  readonly summary: LogSummary
  /** The newest snapshot record that the last HardState covers: where etcd starts reading. */
  readonly startSnapshot: WalSnapshot | undefined
}

/**
 * Reads all segments of a log once, in order, and checks them.
 *
 * @param segments in the order of the log; one by itself is a log too
 * @throws NodeJS.ErrnoException when reading fails; a segment that cannot be opened is a finding
 */
export function scanLog(segments: readonly SegmentFile[], findings: Findings): LogScan {
  const chain = startOfChain()
  const summary = new LogSummary(findings)
  const scans: SegmentScan[] = []
  let frames: FrameReader | undefined
  for (const [position, file] of segments.entries()) {
    const source = unlessUnreadable(file.path, findings, () => openSegment(file))
    if (source === undefined) {
      // What comes next can be checked only against itself.
      chain.trusting = true
      chain.damaged = true
      continue
    }
    try {
      checkName(file, segments[position - 1], summary, findings)
      frames = readerAt(source, frames)
      const at = { file, segment: position, record: 0, beyond: chain.damaged }
      const isLast = position === segments.length - 1
      const scan = scanSegment(at, isLast, frames, chain, findings, summary.visit, summary)
      summary.counts.addPlain(frames.takePlainCounts())
      scans.push(scan)
      reportHollow(scan, findings)
      reportChange(source, findings)
    } finally {
      source.close()
    }
  }
  const startSnapshot = startOf(summary)
  reportGaps(summary, startSnapshot, findings)
  reportBeyond(scans, summary, findings)
  reportCommit(segments, summary, findings)
  return { segments: scans, summary, startSnapshot }
}

function readerAt(source: Source, frames: FrameReader | undefined): FrameReader {
  if (frames === undefined) return new FrameReader(source)
  frames.reset(source)
  return frames
}

/**
 * Source: ValidSnapshotEntries in server/storage/wal/wal.go @ v3.6.14: without a HardState only the
 * initial record qualifies.
 */
function startOf({ snapshots, hardState }: LogSummary): WalSnapshot | undefined {
  const commit = hardState?.commit ?? 0
  return snapshots.findLast(({ index }) => index <= commit)
}

/** The name tells which index comes first; the first segment's cannot be compared with anything. */
function checkName(
  file: SegmentFile,
  before: SegmentFile | undefined,
  summary: LogSummary,
  findings: Findings,
): void {
  const last = highestSoFar(summary)
  if (last === undefined || file.firstIndex === undefined || summary.beyond.records > 0) return
  // A missing segment is reported as such.
  if (before?.seq === undefined || plusOne(before.seq) !== file.seq) return
  if (file.firstIndex === plusOne(last)) return
  findings.report(
    'WAL_SEGMENT_NAME',
    { path: file.path },
    {
      message: `the log had reached index ${last} when this segment began`,
      expected: String(plusOne(last)),
      found: String(file.firstIndex),
    },
  )
}

/** A snapshot record moves the index on as an entry does. */
function highestSoFar({ runs, snapshots }: LogSummary): Uint64 | undefined {
  const last = runs.last
  const newest = snapshots.at(-1)?.index
  if (last === undefined || newest === undefined) return last
  return larger(newest, last)
}

/** A segment without a single record, which no etcd leaves. */
function reportHollow({ file, spans, tail }: SegmentScan, findings: Findings): void {
  const { path, bytes } = file
  if (bytes === 0)
    findings.report('FILE_EMPTY', { path }, { message: 'the segment holds no bytes' })
  else if (spans.length === 0 && tail === 'zeros') {
    findings.report(
      'FILE_UNRECOGNISED',
      { path },
      { message: 'the segment holds nothing but zeros' },
    )
  }
}

function reportGaps(
  { gaps }: LogSummary,
  start: WalSnapshot | undefined,
  findings: Findings,
): void {
  for (const { place, expected, found } of gaps) {
    const fatal = start === undefined || found > start.index
    findings.report('WAL_INDEX_GAP', place, {
      message: `the index jumps from ${expected} to ${found}`,
      severity: fatal ? 'error' : 'warning',
      expected: String(expected),
      found: String(found),
    })
  }
}

function reportBeyond(
  scans: readonly SegmentScan[],
  { beyond, hardState }: LogSummary,
  findings: Findings,
): void {
  if (beyond.records === 0) return
  const scan = scans.find(({ spans }) => spans.some((span) => span.beyond))
  const span = scan?.spans.find((each) => each.beyond)
  if (scan === undefined || span === undefined) return
  const place = { path: scan.file.path, offset: span.start }
  const { records, entries, firstIndex, lastIndex } = beyond
  const what =
    entries === 0
      ? 'no entry among them'
      : `${entries} of them entries with the indexes ${firstIndex} to ${lastIndex}`
  findings.report('WAL_BEYOND_DAMAGE', place, {
    message: `${records} valid records lie beyond the damage, ${what}; ${comparedWithCommit()}`,
  })

  function comparedWithCommit(): string {
    const commit = beyond.hardState?.commit ?? hardState?.commit
    const known = beyond.hardState ? 'the commit index found beyond' : 'the last commit index'
    if (commit === undefined) return 'no commit index is known'
    if (lastIndex === undefined || firstIndex === undefined) return `${known} is ${commit}`
    if (lastIndex <= commit) return `all were committed (${known} is ${commit})`
    if (firstIndex > commit) return `none is known to be committed (${known} is ${commit})`
    return `those up to ${commit} were committed (${known})`
  }
}

/** Source: raft.loadState in raft/raft.go @ v3.5.33, which panics. */
function reportCommit(
  segments: readonly SegmentFile[],
  summary: LogSummary,
  findings: Findings,
): void {
  const { hardState, beyond, runs, snapshots } = summary
  const segment = segments.at(-1)
  if (hardState === undefined || segment === undefined || beyond.records > 0) return
  const last = larger(runs.last ?? 0, snapshots.at(-1)?.index ?? 0)
  // A segment that was just begun holds no entry; its name, if any, tells how far the log had got.
  const named = segment.firstIndex ?? (runs.last === undefined ? Number.POSITIVE_INFINITY : 0)
  if (hardState.commit <= last || hardState.commit < named) return
  const place = { path: segment.path, index: hardState.commit }
  findings.report('WAL_COMMIT_OUT_OF_RANGE', place, {
    message: `the last HardState commits index ${hardState.commit}, but the log ends at ${last}`,
    expected: `at most ${last}`,
    found: String(hardState.commit),
  })
}
