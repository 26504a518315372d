import { Cursor } from '../proto/cursor.ts'
import type { FrameReader } from './frame-reader.ts'
import { type HardState, readHardState } from './hard-state.ts'
import { RECORD } from './record.ts'
import { decodeWalMetadata, type WalMetadata } from './wal-metadata.ts'
import { decodeWalSnapshot, type WalSnapshot } from './wal-snapshot.ts'

/** What a record other than an entry holds. */
export type RecordContent =
  | { readonly record: 'metadata'; readonly metadata: WalMetadata }
  | { readonly record: 'state'; readonly hardState: HardState }
  | { readonly record: 'snapshot'; readonly snapshot: WalSnapshot }

/** Decodes the record that `frames` read last; undefined for an entry, a crc, and broken bytes. */
export function decodeRecordContent(frames: FrameReader): RecordContent | undefined {
  if (frames.large) return undefined
  const data = frames.bytes.slice(frames.dataStart, frames.dataEnd)
  switch (frames.type) {
    case RECORD.metadata: {
      const metadata = decodeWalMetadata(data)
      return metadata && { record: 'metadata', metadata }
    }
    case RECORD.state: {
      const cursor = new Cursor()
      cursor.reset(data, 0, data.length)
      const hardState = readHardState(cursor)
      return hardState && { record: 'state', hardState }
    }
    case RECORD.snapshot: {
      const snapshot = decodeWalSnapshot(data)
      return snapshot && { record: 'snapshot', snapshot }
    }
    default:
      return undefined
  }
}
