import type { Source } from '../io/source.ts'
import { Cursor, WIRE } from '../proto/cursor.ts'
import { LENGTH_BYTES } from './frame.ts'
import { RECORD } from './record.ts'
import { FrameSearch } from './resync.ts'

/** How much of a file is searched for frames when its first one is damaged. */
const SEARCHED = 1024 * 1024

/** Longer than the crc record at the head of a segment: type and crc. */
const HEAD_BYTES = 32

/** Whether a file begins as every segment does, with a crc record, or holds frames soon after. */
export function isSegment(source: Source): boolean {
  return beginsWithCrc(source) || new FrameSearch(source).find(0, SEARCHED) !== undefined
}

function beginsWithCrc(source: Source): boolean {
  const head = new Uint8Array(HEAD_BYTES)
  const held = source.read(0, head)
  const length = new DataView(head.buffer).getUint32(0, true)
  if (length > held - LENGTH_BYTES) return false
  const cursor = new Cursor()
  cursor.reset(head, LENGTH_BYTES, LENGTH_BYTES + length)
  let type = 0
  while (cursor.next()) {
    if (cursor.field === 1 && cursor.wire === WIRE.varint) type = cursor.uint32()
    else cursor.skip()
  }
  return cursor.ok && type === RECORD.crc
}
