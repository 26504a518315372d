import type { Uint64 } from '../proto/uint64.ts'
import type { FrameReader } from '../wal/frame-reader.ts'
import type { LogPosition } from '../wal/log-walk.ts'
import type { Payload } from '../wal/payload.ts'
import type { SegmentFile } from '../wal/segment-file.ts'
import type { Disclosure } from './bytes.ts'
import { toJson } from './json.ts'
import { entryHead, entryReport } from './log.ts'

/**
 * Writes log entries as NDJSON, each as the `entry` line of docs/contract.md. The kernel makes the
 * lines of the requests there are millions of; the others are made here.
 */
export class EntryLines {
  private readonly write: (data: string | Uint8Array) => void
  private readonly disclosure: Disclosure
  /** What the parts that the kernel repeats were made from. */
  private term: Uint64 = -1
  private flags = -1
  private file: SegmentFile | undefined
  private frames: FrameReader | undefined

  constructor(write: (data: string | Uint8Array) => void, disclosure: Disclosure) {
    this.write = write
    this.disclosure = disclosure
  }

  /**
   * Writes the entry that `frames` read last.
   *
   * @param payload what it holds, when it has been decoded anyway
   */
  add(frames: FrameReader, position: LogPosition, payload?: Payload): void {
    if (this.isPlain(frames) && this.gather(frames, position)) return
    this.flush()
    this.write(`${toJson(entryReport(frames, position, this.disclosure, payload))}\n`)
  }

  /** Writes what is still gathered. */
  flush(): void {
    const lines = this.frames?.takeLines()
    if (lines !== undefined && lines.length > 0) this.write(lines)
  }

  private isPlain(frames: FrameReader): boolean {
    return frames.entry.type === 0 && this.disclosure.values === undefined && !frames.large
  }

  private gather(frames: FrameReader, position: LogPosition): boolean {
    this.setParts(frames, position)
    if (!frames.gatherLine()) return false
    if (frames.linesAreMany) this.write(frames.takeLines())
    return true
  }

  /** Hands the kernel what stands around the index, which changes seldom. */
  private setParts(frames: FrameReader, position: LogPosition): void {
    const { term } = frames.entry
    const { file, committed, overwritten, beyond } = position
    const flags = (committed ? 1 : 0) + (overwritten ? 2 : 0) + (beyond ? 4 : 0)
    const sameEntry = term === this.term && flags === this.flags
    if (sameEntry && file === this.file && frames === this.frames) return
    this.term = term
    this.flags = flags
    this.file = file
    this.frames = frames
    const [head, middle] = toJson(entryHead(frames, position)).split(AROUND_INDEX)
    frames.setLineParts(`${head}"index":`, middle as string)
  }
}

/** The index, and from the offset on what `entryHead` ends with. */
const AROUND_INDEX = /"index":\d+|\d+,"bytes":\d+\}$/
