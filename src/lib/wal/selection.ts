import { type EntryQuery, matchEntry } from './entry-query.ts'
import type { FrameReader } from './frame-reader.ts'
import type { LogScan } from './log-scan.ts'
import { type LogPosition, LogWalk } from './log-walk.ts'
import type { Payload } from './payload.ts'
import { RECORD } from './record.ts'

/** Which part of what a query matches is wanted. */
export interface SelectionLimits {
  /** At most so many entries. */
  readonly limit?: number | undefined
  /** Of the matching entries only so many of the last. */
  readonly fromEnd?: number | undefined
  /** Every record too, not only the entries that match. */
  readonly records?: boolean | undefined
}

/** The entries of a log that a query matches, in order; and on demand all records around them. */
export class Selection {
  /** Of the entry at hand, when it had to be decoded to tell. */
  payload: Payload | undefined
  /** Whether the record at hand is an entry that is wanted; always so without `records`. */
  matches = false
  private readonly walk: LogWalk
  private readonly query: EntryQuery
  private readonly records: boolean
  private toSkip: number
  private left: number

  /** @throws NodeJS.ErrnoException when a segment cannot be read any more; so does `next` */
  constructor(log: LogScan, query: EntryQuery, limits: SelectionLimits = {}) {
    const { limit = Number.POSITIVE_INFINITY, fromEnd, records = false } = limits
    this.query = query
    this.records = records
    this.toSkip = fromEnd === undefined ? 0 : Math.max(0, countMatches(log, query) - fromEnd)
    this.left = limit
    this.walk = new LogWalk(log)
  }

  get frames(): FrameReader {
    return this.walk.frames
  }

  get position(): LogPosition {
    return this.walk.position
  }

  /** Moves to the next entry or record; false when there is none. */
  next(): boolean {
    if (this.left <= 0) return false
    const { walk } = this
    while (walk.next()) {
      this.matches = walk.frames.type === RECORD.entry && this.takes()
      if (this.matches) this.left -= 1
      if (this.matches || this.records) return true
    }
    return false
  }

  close(): void {
    this.walk.close()
  }

  private takes(): boolean {
    const match = matchEntry(this.query, this.walk.frames)
    if (match === undefined) return false
    this.payload = match.payload
    if (this.toSkip === 0) return true
    this.toSkip -= 1
    return false
  }
}

function countMatches(log: LogScan, query: EntryQuery): number {
  const selection = new Selection(log, query)
  let count = 0
  while (selection.next()) count += 1
  selection.close()
  return count
}
