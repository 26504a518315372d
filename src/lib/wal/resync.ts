import type { Source } from '../io/source.ts'
import { Window } from '../io/window.ts'
import { firstNonZero, zerosReadTo } from '../io/zeros.ts'
import { ALIGNMENT, isWrittenByEtcd } from './frame.ts'
import { FrameReader } from './frame-reader.ts'
import { RECORD, recordName } from './record.ts'

/** The bytes that tell whether a frame of etcd's may begin here: length, type and the crc's tag. */
const PROBE = 11

/** So many zeros are worth a search for their end. */
const MANY_ZEROS = 4096

/**
 * How many bytes may be read again and again: frames can be made to overlap, so that each of them
 * has to be read to the end of the file. No damage that was not made for it comes near this.
 */
const EFFORT = 256 * 1024 * 1024
const EFFORT_PER_BYTE = 4

/**
 * Finds where valid frames resume behind damaged places of one segment.
 *
 * A frame is believed when the record behind it has the checksum that continues this one's; or when
 * it is the last one, with zeros or nothing behind it.
 */
export class FrameSearch {
  private readonly source: Source
  private window: Window | undefined
  private frames: FrameReader | undefined
  private effort: number

  constructor(source: Source) {
    this.source = source
    this.effort = EFFORT + EFFORT_PER_BYTE * source.size
  }

  /** True once nothing is found any more, since finding it would take too long. */
  get givenUp(): boolean {
    return this.effort < 0
  }

  /** Takes note of bytes that were read, and may have to be read again. */
  spend(bytes: number): void {
    this.effort -= bytes
  }

  /**
   * @param upTo where the search ends
   * @returns the file offset of the first such frame at or after `from`, or undefined
   */
  find(from: number, upTo: number = this.source.size): number | undefined {
    this.window ??= new Window(this.source)
    const { window } = this
    let zeros = 0
    for (let at = Math.ceil(from / ALIGNMENT) * ALIGNMENT; at < upTo; at += ALIGNMENT) {
      const position = window.locate(at, PROBE)
      if (position < 0 || this.givenUp) return undefined
      const { bytes } = window
      if (mayBegin(bytes, position) && this.isBelieved(at)) return at
      zeros = bytes[position] === 0 && bytes[position + 6] === 0 ? zeros + ALIGNMENT : 0
      if (zeros < MANY_ZEROS) continue
      const nonZero = firstNonZero(this.source, at, upTo)
      if (nonZero === undefined) return undefined
      at = Math.max(at, nonZero - (nonZero % ALIGNMENT) - ALIGNMENT)
      zeros = 0
    }
    return undefined
  }

  private isBelieved(at: number): boolean {
    this.frames ??= new FrameReader(this.source)
    const { frames } = this
    const first = frames.readAt(at)
    if (first === 'record' || first === 'undecodable') this.spend(frames.next - at)
    if (first !== 'record') return false
    const { crc } = frames
    const outcome = frames.read()
    if (outcome === 'end') return true
    if (outcome === 'zero') return this.zerosToTheEnd(frames.offset)
    if (outcome !== 'record') return false
    this.spend(frames.next - frames.offset)
    return continues(frames, crc)
  }

  private zerosToTheEnd(from: number): boolean {
    const nonZero = firstNonZero(this.source, from)
    this.spend((nonZero ?? zerosReadTo(this.source, from)) - from)
    return nonZero === undefined
  }
}

/** True when the record last read continues the checksum `run`. */
export function continues(frames: FrameReader, run: number): boolean {
  if (frames.type === RECORD.crc) return frames.crc === run
  return recordName(frames.type) !== undefined && frames.crc === frames.dataCrc(run)
}

function mayBegin(bytes: Uint8Array, at: number): boolean {
  return (
    bytes[at + 8] === 0x08 &&
    bytes[at + 10] === 0x10 &&
    recordName(bytes[at + 9] as number) !== undefined &&
    isWrittenByEtcd(bytes, at)
  )
}
