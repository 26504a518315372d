import type { Source } from '../io/source.ts'
import { FrameReader } from './frame-reader.ts'
import { RECORD } from './record.ts'
import { findNextFrame } from './resync.ts'

/** How much of a file is searched for frames when its first one is damaged. */
const SEARCHED = 1024 * 1024

/** Whether a file begins as every segment does, with a crc record, or holds frames soon after. */
export function isSegment(source: Source): boolean {
  const frames = new FrameReader(source)
  if (frames.read() === 'record' && frames.type === RECORD.crc) return true
  return findNextFrame(source, 0, SEARCHED) !== undefined
}
