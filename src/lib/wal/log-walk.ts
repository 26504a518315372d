import type { Source } from '../io/source.ts'
import type { Uint64 } from '../proto/uint64.ts'
import { FrameReader } from './frame-reader.ts'
import type { LogScan } from './log-scan.ts'
import { RECORD } from './record.ts'
import { openSegment, type SegmentFile } from './segment-file.ts'

/** What the log as a whole says of the record at hand. */
export interface LogPosition {
  file: SegmentFile
  /** Damage lies before this record: etcd never gets here. */
  beyond: boolean
  /** Of an entry: a later entry took its index or a lower one. */
  overwritten: boolean
  /** Of an entry: it is in effect, and at or below the last commit index known. */
  committed: boolean
}

/**
 * A walk over the valid records of a log that was scanned, in order, damaged places left out.
 * Checksums are not computed again.
 */
export class LogWalk {
  /** Reads the record at hand; of an entry, `frames.entry` has been read. */
  readonly frames: FrameReader
  readonly position: LogPosition
  private readonly log: LogScan
  private readonly commit: Uint64
  private source: Source
  private segment = 0
  private span = 0
  private spanEnd = 0
  private ordinal = 0

  /**
   * @param log has at least one segment
   * @throws NodeJS.ErrnoException when a segment cannot be opened any more; so does `next`
   */
  constructor(log: LogScan) {
    const file = log.segments[0]?.file as SegmentFile
    this.log = log
    this.commit = lastKnownCommit(log)
    this.source = openSegment(file)
    this.frames = new FrameReader(this.source)
    this.position = { file, beyond: false, overwritten: false, committed: false }
    log.summary.truncations.rewind()
    this.enterSpan()
  }

  /** Moves to the next record; false at the end of the log. */
  next(): boolean {
    const { frames } = this
    while (frames.next < this.spanEnd || this.nextSpan()) {
      if (frames.read() !== 'record') {
        // The file was cut since it was scanned: what is left of the span is gone.
        frames.next = this.spanEnd
        continue
      }
      if (frames.type !== RECORD.entry) return true
      if (frames.readEntry()) {
        this.judge()
        return true
      }
    }
    return false
  }

  close(): void {
    this.source.close()
  }

  private judge(): void {
    const { position, frames } = this
    const { index } = frames.entry
    position.overwritten = this.log.summary.truncations.voids(this.ordinal, index)
    position.committed = !position.overwritten && index <= this.commit
    this.ordinal += 1
  }

  private nextSpan(): boolean {
    this.span += 1
    const spans = this.log.segments[this.segment]?.spans ?? []
    if (this.span >= spans.length && !this.nextSegment()) return false
    this.enterSpan()
    return true
  }

  private nextSegment(): boolean {
    const next = this.log.segments[this.segment + 1]
    if (next === undefined) return false
    this.segment += 1
    this.span = 0
    this.source.close()
    this.source = openSegment(next.file)
    this.frames.reset(this.source)
    this.position.file = next.file
    return true
  }

  private enterSpan(): void {
    const span = this.log.segments[this.segment]?.spans[this.span]
    this.spanEnd = span?.end ?? 0
    this.frames.next = span?.start ?? 0
    this.position.beyond = span?.beyond ?? false
  }
}

/** What lies beyond damage may tell of a later commit than what lies before it. */
function lastKnownCommit({ summary: { hardState, beyond } }: LogScan): Uint64 {
  return beyond.hardState?.commit ?? hardState?.commit ?? 0
}
