import type { Source } from '../io/source.ts'
import { Window } from '../io/window.ts'
import { Cursor } from '../proto/cursor.ts'
import { isZeroLength, LENGTH_BYTES, paddingBytes, recordBytes } from './frame.ts'
import { RecordFields } from './record.ts'

/**
 * A record above this is checked in pieces and never held whole, whatever its length field claims.
 * etcd's own limit for a request is 1.5 MiB by default (`--max-request-bytes`).
 */
export const LARGEST_HELD = 16 * 1024 * 1024

/** Enough for the fields in front of the data of a record, or of an entry in a record. */
const HEAD_BYTES = 256

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
  readonly record = new RecordFields()
  /** Offset of the frame last read, and of the one behind it. */
  offset = 0
  next = 0
  /** Length of the record and its padding in bytes; of meaning unless the outcome is end or short. */
  recordLength = 0
  padding = 0
  /** True for a record that is not held whole: only its head can be read in place. */
  large = false
  source: Source
  /** Where the record last read, or its head, stands in `bytes`. */
  private recordStart = 0
  private readonly window: Window
  private readonly cursor = new Cursor()

  constructor(source: Source, window: Window = new Window(source)) {
    this.source = source
    this.window = window
    window.reset(source)
  }

  /** The bytes that the record's ranges refer to, until the next read. */
  get bytes(): Uint8Array {
    return this.window.bytes
  }

  /** Position in `bytes` of the first padding byte that is not zero; -1 when all are, or none. */
  strayPadding(): number {
    if (this.large) return -1
    const { bytes } = this.window
    const start = this.recordStart + this.recordLength
    for (let at = start; at < start + this.padding; at++) if (bytes[at] !== 0) return at
    return -1
  }

  /** Moves to another segment, keeping the buffer. */
  reset(source: Source): void {
    this.source = source
    this.window.reset(source)
    this.offset = 0
    this.next = 0
  }

  /** Reads the frame behind the last one. */
  read(): FrameOutcome {
    return this.readAt(this.next)
  }

  /** Reads the frame at a file offset. */
  readAt(offset: number): FrameOutcome {
    const { window, source } = this
    this.offset = offset
    const at = window.locate(offset, LENGTH_BYTES)
    if (at < 0) return offset >= source.size ? 'end' : 'short'
    if (isZeroLength(window.bytes, at)) return 'zero'
    const length = recordBytes(window.bytes, at)
    const padding = paddingBytes(window.bytes, at)
    this.recordLength = length
    this.padding = padding
    this.next = offset + LENGTH_BYTES + length + padding
    if (this.next > source.size) return 'overrun'
    this.large = length > LARGEST_HELD
    return this.large ? this.readHead() : this.readWhole()
  }

  /**
   * Calls `each` with the data of a large record, piece by piece. Afterwards the record's ranges
   * hold no longer: read it again.
   */
  eachPiece(each: (bytes: Uint8Array, start: number, end: number) => void): void {
    const { window } = this
    const end = this.offset + LENGTH_BYTES + this.recordLength
    const step = window.bytes.length
    const head = this.record.dataStart - this.recordStart
    for (let from = this.offset + LENGTH_BYTES + head; from < end; from += step) {
      const length = Math.min(step, end - from)
      const at = window.locate(from, length)
      each(window.bytes, at, at + length)
    }
  }

  private readWhole(): FrameOutcome {
    const at = this.window.locate(this.offset + LENGTH_BYTES, this.recordLength + this.padding)
    if (at < 0) return 'overrun'
    this.recordStart = at
    this.cursor.reset(this.window.bytes, at, at + this.recordLength)
    return this.record.read(this.cursor) ? 'record' : 'undecodable'
  }

  private readHead(): FrameOutcome {
    const at = this.window.locate(this.offset + LENGTH_BYTES, HEAD_BYTES)
    if (at < 0) return 'overrun'
    this.recordStart = at
    this.cursor.reset(this.window.bytes, at, at + HEAD_BYTES)
    const whole = this.record.readHead(this.cursor, at + this.recordLength)
    return whole ? 'record' : 'undecodable'
  }
}
