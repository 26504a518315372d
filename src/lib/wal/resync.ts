import type { Source } from '../io/source.ts'
import { Window } from '../io/window.ts'
import { firstNonZero } from '../io/zeros.ts'
import { ALIGNMENT, isWrittenByEtcd } from './frame.ts'
import { FrameReader } from './frame-reader.ts'
import { RECORD, recordName } from './record.ts'

/** The bytes that tell whether a frame of etcd's may begin here: length, type and the crc's tag. */
const PROBE = 11

/**
 * Finds where valid frames resume behind a damaged place.
 *
 * A frame is believed when the record behind it has the checksum that continues this one's; or when
 * it is the last one, with zeros or nothing behind it.
 *
 * @param upTo where the search ends
 * @returns the file offset of the first such frame at or after `from`, or undefined
 */
export function findNextFrame(
  source: Source,
  from: number,
  upTo: number = source.size,
): number | undefined {
  const start = Math.ceil(from / ALIGNMENT) * ALIGNMENT
  const nonZero = firstNonZero(source, start)
  if (nonZero === undefined) return undefined
  const window = new Window(source)
  const frames = new FrameReader(source)
  for (let at = nonZero - (nonZero % ALIGNMENT); at < upTo; at += ALIGNMENT) {
    const position = window.locate(at, PROBE)
    if (position < 0) return undefined
    if (mayBegin(window.bytes, position) && isBelieved(frames, at)) return at
  }
  return undefined
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

function isBelieved(frames: FrameReader, at: number): boolean {
  if (frames.readAt(at) !== 'record') return false
  const { crc } = frames
  const outcome = frames.read()
  if (outcome === 'end') return true
  if (outcome === 'zero') return firstNonZero(frames.source, frames.offset) === undefined
  return outcome === 'record' && continues(frames, crc)
}
