import type { FrameReader } from './frame-reader.ts'
import { RECORD, recordName } from './record.ts'

/** What goes from one record, and one segment, of a log to the next. */
export interface ChainState {
  /** CRC-32C over the data of all records so far; 0 lets a crc record set any value. */
  run: number
  /** Accept the next record's checksum as it is: what it continues was damaged. */
  trusting: boolean
  /** True once a record of the log was damaged in a way that etcd does not get over. */
  damaged: boolean
}

/** What is wrong with a record that decodes. */
export type Fault = 'type' | 'chain' | 'crc'

export function startOfChain(): ChainState {
  return { run: 0, trusting: false, damaged: false }
}

/**
 * Checks type and checksum of the record last read, and moves the chain on when both are right.
 *
 * A crc record seeds the chain anew; a chain at 0 accepts any, so that a log whose oldest segments
 * were purged can be read. Source: ReadAll in server/storage/wal/wal.go @ v3.6.14.
 */
export function checkRecord(frames: FrameReader, chain: ChainState): Fault | undefined {
  if (recordName(frames.type) === undefined) return 'type'
  if (chain.trusting) {
    chain.trusting = false
    chain.run = frames.crc
    return undefined
  }
  if (frames.type === RECORD.crc) {
    if (chain.run !== 0 && frames.crc !== chain.run) return 'chain'
    chain.run = frames.crc
    return undefined
  }
  const crc = frames.dataCrc(chain.run)
  if (crc !== frames.crc) return 'crc'
  chain.run = crc
  return undefined
}
