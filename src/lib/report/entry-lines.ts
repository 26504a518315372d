import type { Uint64 } from '../proto/uint64.ts'
import type { FrameReader } from '../wal/frame-reader.ts'
import type { LogPosition } from '../wal/log-walk.ts'
import { decodePayload, type Payload } from '../wal/payload.ts'
import type { SegmentFile } from '../wal/segment-file.ts'
import type { Disclosure } from './bytes.ts'
import { entryDetail } from './entry-detail.ts'
import { toJson } from './json.ts'

/** raftpb.EntryType, as docs/contract.md names them. */
const ENTRY_TYPES = ['normal', 'confChange', 'confChangeV2']

/**
 * Writes log entries as NDJSON, each as the `entry` line of docs/contract.md. The kernel makes the
 * lines of the requests there are millions of; the others are made here.
 */
export class EntryLines {
  private readonly write: (data: string | Uint8Array) => void
  private readonly disclosure: Disclosure
  private head = ''
  private middle = ''
  private term: Uint64 = -1
  private type: Uint64 = -1
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
    this.setParts(frames, position)
    const { type } = frames.entry
    if (
      type === 0 &&
      this.disclosure.values === undefined &&
      !frames.large &&
      frames.gatherLine()
    ) {
      if (frames.linesAreMany) this.write(frames.takeLines())
      return
    }
    this.flush()
    const { head, middle } = this
    const detail = toJson(this.detailOf(frames, payload)).slice(1)
    const bytes = frames.next - frames.offset
    this.write(`${head}${frames.entry.index}${middle}${frames.offset},"bytes":${bytes},${detail}\n`)
  }

  /** Writes what is still gathered. */
  flush(): void {
    const lines = this.frames?.takeLines()
    if (lines !== undefined && lines.length > 0) this.write(lines)
  }

  private detailOf(frames: FrameReader, payload: Payload | undefined): object {
    if (frames.large) return { request: 'tooLarge', detail: { bytes: frames.recordLength } }
    const { type, dataStart, dataEnd } = frames.entry
    const data = frames.bytes.subarray(dataStart, dataEnd)
    return entryDetail(payload ?? decodePayload(type, data), this.disclosure)
  }

  /** The parts around the index are the same for most entries of a segment. */
  private setParts(frames: FrameReader, position: LogPosition): void {
    const { term, type } = frames.entry
    const { file, committed, overwritten, beyond } = position
    const flags = (committed ? 1 : 0) + (overwritten ? 2 : 0) + (beyond ? 4 : 0)
    if (
      term === this.term &&
      type === this.type &&
      flags === this.flags &&
      file === this.file &&
      frames === this.frames
    ) {
      return
    }
    this.term = term
    this.type = type
    this.flags = flags
    this.file = file
    this.frames = frames
    this.head = `{"type":"entry","term":${term},"index":`
    const entryType = toJson(ENTRY_TYPES[Number(type)] ?? type)
    const beyondDamage = beyond ? ',"beyondDamage":true' : ''
    const segment = file.seq === undefined ? '' : `,"segment":${file.seq}`
    this.middle =
      `,"entryType":${entryType},"committed":${committed},"overwritten":${overwritten}` +
      `${beyondDamage}${segment},"offset":`
    frames.setLineParts(this.head, this.middle)
  }
}
