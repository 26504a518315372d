import type { Source } from '../io/source.ts'
import { LENGTH_BYTES } from './frame.ts'
import { FrameReader } from './frame-reader.ts'
import { RECORD } from './record.ts'
import { FrameSearch } from './resync.ts'

/** How much of a file is searched for frames when its first one is damaged. */
const SEARCHED = 1024 * 1024

/** Whether a file begins as every segment does, with a crc record, or holds frames soon after. */
export function isSegment(source: Source): boolean {
  return beginsWithCrc(source) || new FrameSearch(source).find(0, SEARCHED) !== undefined
}

function beginsWithCrc(source: Source): boolean {
  const head = new Uint8Array(LENGTH_BYTES + 2)
  source.read(0, head)
  // The tag of the type, and the type: a reader is not made for nothing.
  if (head[LENGTH_BYTES] !== 0x08 || head[LENGTH_BYTES + 1] !== RECORD.crc) return false
  const frames = new FrameReader(source)
  return frames.read() === 'record' && frames.type === RECORD.crc
}
