import type { Findings } from '../findings/findings.ts'
import { type ChainState, checkRecord } from './chain.ts'
import type { FrameReader } from './frame-reader.ts'
import { RECORD } from './record.ts'
import { SecondLook } from './second-look.ts'
import { SegmentDamage } from './segment-damage.ts'
import type { SegmentFile } from './segment-file.ts'

/** How a segment ends: in zeros, exactly behind a record, in a torn record, or in damage. */
export type Tail = 'zeros' | 'clean' | 'torn' | 'corrupt'

/** A stretch of valid frames; `beyond` tells that damage lies before it: etcd never gets there. */
export interface Span {
  readonly start: number
  readonly end: number
  readonly beyond: boolean
}

/** What one segment holds. Offsets and lengths are bytes. */
export interface SegmentScan {
  readonly file: SegmentFile
  /** Valid records and entries up to the first damage. */
  records: number
  entries: number
  /** The end of the last valid record before any damage. */
  lastValidOffset: number
  tail: Tail
  readonly spans: Span[]
}

/** Where the scan stands when a visitor is called. */
export interface ScanPosition {
  readonly file: SegmentFile
  /** Position of the segment in the log. */
  readonly segment: number
  /** Position of the record in its segment, damaged ones counted. */
  record: number
  /** True once anything before this place was damaged. */
  beyond: boolean
}

/** Called for every valid record; what it reads in place is gone when it returns. */
export type RecordVisitor = (frames: FrameReader, position: ScanPosition) => void

/** Who can do without a call for each entry and HardState that only continues the log. */
export interface PlainVisitor {
  /** The index and term that the next plain entry has; no index when none may be passed. */
  readonly nextIndex: number | undefined
  readonly term: number
  /** The requests that are plain: bit n for field number n. */
  readonly fields: number
  /** Takes note of so many entries, and of the HardState that `frames` passed: see passPlain there. */
  passed(entries: number, frames: FrameReader): void
}

/**
 * Reads every record of a segment, checks it against the running checksum, and calls `visit` for
 * each valid one. Damage is reported and passed by: reading goes on where valid frames resume.
 *
 * The rules are those of decodeRecord in server/storage/wal/decoder.go @ v3.6.14.
 *
 * @param frames stands at the segment's start
 * @param isLast whether this is the log's last segment, where etcd forgives a torn record
 */
export function scanSegment(
  position: ScanPosition,
  isLast: boolean,
  frames: FrameReader,
  chain: ChainState,
  findings: Findings,
  visit: RecordVisitor,
  plain?: PlainVisitor,
): SegmentScan {
  const { file } = position
  const scan: SegmentScan = {
    file,
    records: 0,
    entries: 0,
    lastValidOffset: 0,
    tail: 'clean',
    spans: [],
  }
  const look = new SecondLook(frames)
  const damage = new SegmentDamage(isLast, frames, chain, findings, scan)
  let spanStart = 0
  for (;;) {
    // The head of a segment is looked at record by record.
    if (plain && position.record > 1 && !position.beyond && !chain.trusting)
      passPlain(plain, frames, chain, scan, position)
    const outcome = frames.read()
    const fault = outcome === 'record' ? checkRecord(frames, chain) : undefined
    if (outcome === 'record' && fault === undefined) {
      const { record, beyond } = position
      if (frames.padding > 0) damage.checkPadding(record)
      if (!beyond && (record === 0 || record === 1)) damage.checkHead(record)
      if (!beyond) count(scan, frames)
      visit(frames, position)
    } else if (look.isWorthwhile(outcome)) {
      continue
    } else {
      const end = frames.offset
      if (end > spanStart) scan.spans.push({ start: spanStart, end, beyond: position.beyond })
      const resumed = damage.passBy(outcome, fault, position.record, look.nonZero)
      if (resumed === undefined) return scan
      position.beyond = true
      spanStart = resumed
      frames.next = resumed
    }
    position.record += 1
  }
}

/** The quick way for what most of a log is made of. */
function passPlain(
  plain: PlainVisitor,
  frames: FrameReader,
  chain: ChainState,
  scan: SegmentScan,
  position: ScanPosition,
): void {
  const { nextIndex, term, fields } = plain
  if (nextIndex === undefined) return
  const entries = frames.passPlain(chain.run, nextIndex, term, fields)
  const records = entries + frames.plainStates
  if (records === 0) return
  chain.run = frames.plainRun
  scan.records += records
  scan.entries += entries
  scan.lastValidOffset = frames.next
  position.record += records
  plain.passed(entries, frames)
}

function count(scan: SegmentScan, frames: FrameReader): void {
  scan.records += 1
  if (frames.type === RECORD.entry) scan.entries += 1
  scan.lastValidOffset = frames.next
}
