import type { Source } from '../io/source.ts'
import { Window } from '../io/window.ts'
import { EntryFields } from './entry.ts'
import { LENGTH_BYTES } from './frame.ts'
import { FIELD, FRAME, Kernel } from './kernel.ts'

/**
 * A record above this is not held whole, and only its checksum is computed, in pieces, whatever its
 * length field claims. etcd's own limit for a request is 1.5 MiB (`--max-request-bytes`).
 */
export const LARGEST_HELD = 16 * 1024 * 1024

/** No protobuf message is larger, in any language: nobody could have written such a record. */
const LARGEST_RECORD = 0x7fff_ffff

/** The length of a record's or entry's fields in front of its data never comes near this. */
const HEAD_BYTES = 256

/** Half of what kernel/output.ts has room for. */
const MANY_LINES = 64 * 1024

const TWO_32 = 0x1_0000_0000

/** What stands at an offset where a frame may begin. */
export type FrameOutcome =
  /** A frame with a record that decodes. */
  | 'record'
  /** The file ends here. */
  | 'end'
  /** A length of zero. */
  | 'zero'
  /** Fewer than 8 bytes are left. */
  | 'short'
  /** The length runs past the end of the file. */
  | 'overrun'
  /** The record is not valid protobuf. */
  | 'undecodable'

/** Reads the frames of one segment, one after another, in place. */
export class FrameReader {
  source: Source
  /** Offset of the frame last read, and of the one behind it. */
  offset = 0
  next = 0
  /** Length of the record in bytes, and of its padding. */
  recordLength = 0
  padding = 0
  /** walpb.Record's type, -1 for one beyond any that etcd writes, and crc. */
  type = 0
  crc = 0
  /** The record's data in `bytes`. */
  dataStart = 0
  dataEnd = 0
  /** The checksum behind the plain records that were passed, and how many held a HardState. */
  plainRun = 0
  plainStates = 0
  /** True for a record of which only the head is held. */
  large = false
  readonly entry = new EntryFields()
  /** The position behind that head. */
  private headEnd = 0
  private readonly kernel = new Kernel()
  private readonly window: Window

  constructor(source: Source) {
    this.source = source
    this.window = new Window(source, (capacity) => this.kernel.allocate(capacity))
  }

  /** What the ranges refer to; good until the next read. */
  get bytes(): Uint8Array {
    return this.kernel.bytes
  }

  /** Moves to the start of another segment, keeping the buffer. */
  reset(source: Source): void {
    this.source = source
    this.window.reset(source)
    this.offset = 0
    this.next = 0
  }

  /** Makes the frame last read the next one, from the file and not from the buffer. */
  readAfresh(): void {
    this.window.reset(this.source)
    this.next = this.offset
  }

  /** Reads the frame behind the last one. */
  read(): FrameOutcome {
    return this.readAt(this.next)
  }

  /** Reads the frame at a file offset. */
  readAt(offset: number): FrameOutcome {
    const { window, kernel, source } = this
    this.offset = offset
    this.large = false
    let at = window.locate(offset, LENGTH_BYTES)
    if (at < 0) return offset >= source.size ? 'end' : 'short'
    let result = kernel.exports.frame(at, window.heldTo)
    if (result === FRAME.zero) return 'zero'
    this.takeLength(offset)
    if (result === FRAME.notHeld) {
      if (this.next > source.size) return 'overrun'
      if (this.recordLength > LARGEST_HELD) return this.readLarge()
      at = window.locate(offset, this.next - offset)
      if (at < 0) return 'overrun'
      result = kernel.exports.frame(at, window.heldTo)
    }
    if (result !== FRAME.record) return 'undecodable'
    this.takeRecord()
    return 'record'
  }

  /**
   * Passes the plain records that follow, see kernel/plain-entries.ts: `next` moves behind them. If
   * `plainStates` of them hold a HardState, the last of these is the record's data afterwards.
   *
   * @param run the checksum so far; `plainRun` is that behind them
   * @returns how many entries were passed
   */
  passPlain(run: number, index: number, term: number, fields: number): number {
    const { window, kernel } = this
    this.plainStates = 0
    const at = window.locate(this.next, LENGTH_BYTES)
    if (at < 0) return 0
    const passed = kernel.exports.plainEntries(at, window.heldTo, run, index, term, fields)
    const words = kernel.fields
    this.next += (words[FIELD.plainEnd] as number) - at
    this.plainRun = (words[FIELD.plainRun] as number) >>> 0
    this.plainStates = words[FIELD.plainStates] as number
    this.dataStart = words[FIELD.stateStart] as number
    this.dataEnd = words[FIELD.stateEnd] as number
    return passed
  }

  /** How many plain entries were passed for each request's field number, since it was last asked. */
  takePlainCounts(): readonly number[] {
    return this.kernel.takeCounts()
  }

  /** Reads the record's data as raftpb.Entry into `entry`; false when it is not valid protobuf. */
  readEntry(): boolean {
    const { entry, entryHead } = this.kernel.exports
    const { dataStart, dataEnd, headEnd } = this
    const read = this.large ? entryHead(dataStart, headEnd, dataEnd) : entry(dataStart, dataEnd)
    this.entry.take(this.kernel.fields)
    return read !== 0
  }

  /**
   * The field number of the one request in the entry's payload, read as InternalRaftRequest: 0 when
   * there is none, -1 for several, for a v2 request and for bytes that do not decode.
   */
  requestField(): number {
    this.kernel.exports.request(this.entry.dataStart, this.entry.dataEnd)
    return this.kernel.fields[FIELD.request] as number
  }

  /** Sets what `gatherLine` writes around the index: up to 250 ASCII characters each. */
  setLineParts(head: string, middle: string): void {
    const { HEAD, MIDDLE } = this.kernel.exports
    this.kernel.writeLiteral(HEAD.value, head)
    this.kernel.writeLiteral(MIDDLE.value, middle)
  }

  /**
   * Gathers the NDJSON line of the entry last read, see kernel/entry-line.ts.
   *
   * @returns false for an entry out of the ordinary: its line is to be written in another way
   */
  gatherLine(): boolean {
    const { index, dataStart, dataEnd } = this.entry
    if (typeof index === 'bigint') return false
    const bytes = this.next - this.offset
    return this.kernel.exports.entryLine(dataStart, dataEnd, index, this.offset, bytes) !== 0
  }

  /** Whether so much was gathered that it should be taken. */
  get linesAreMany(): boolean {
    return this.kernel.exports.gathered() >= MANY_LINES
  }

  /** What was gathered; good until the next line. */
  takeLines(): Uint8Array {
    const { OUTPUT, take } = this.kernel.exports
    return this.kernel.bytes.subarray(OUTPUT.value, OUTPUT.value + take())
  }

  /** The CRC-32C that continues `seed` over the record's data. */
  dataCrc(seed: number): number {
    if (this.large) return this.largeCrc(seed)
    return this.kernel.exports.crc32c(this.dataStart, this.dataEnd, seed) >>> 0
  }

  /** Position in `bytes` of the first padding byte that is not zero; -1 when there is none. */
  strayPadding(): number {
    if (this.large) return -1
    const start = this.window.locate(this.next - this.padding, this.padding)
    const { bytes } = this
    for (let at = start; at < start + this.padding; at++) if (bytes[at] !== 0) return at
    return -1
  }

  private takeLength(offset: number): void {
    const { fields } = this.kernel
    const low = (fields[FIELD.recordLength] as number) >>> 0
    this.recordLength = (fields[FIELD.recordLength + 1] as number) * TWO_32 + low
    this.padding = fields[FIELD.padding] as number
    this.next = offset + LENGTH_BYTES + this.recordLength + this.padding
  }

  private takeRecord(): void {
    const { fields } = this.kernel
    this.type = fields[FIELD.recordType] as number
    this.crc = (fields[FIELD.crc] as number) >>> 0
    this.dataStart = fields[FIELD.dataStart] as number
    this.dataEnd = fields[FIELD.dataEnd] as number
  }

  private readLarge(): FrameOutcome {
    if (this.recordLength > LARGEST_RECORD) return 'undecodable'
    const at = this.window.locate(this.offset + LENGTH_BYTES, HEAD_BYTES)
    this.headEnd = at + HEAD_BYTES
    const read = this.kernel.exports.recordHead(at, this.headEnd, this.recordLength)
    if (read === 0) return 'undecodable'
    this.large = true
    this.takeRecord()
    return 'record'
  }

  private largeCrc(seed: number): number {
    const { window, kernel } = this
    const end = this.next - this.padding
    const from = end - (this.dataEnd - this.dataStart)
    let crc = seed
    for (let offset = from; offset < end; ) {
      const length = Math.min(window.capacity, end - offset)
      const at = window.locate(offset, length)
      if (at < 0) break
      crc = kernel.exports.crc32c(at, at + length, crc) >>> 0
      offset += length
    }
    this.readLarge()
    return crc
  }
}
