import type { Uint64 } from '../proto/uint64.ts'
import type { FrameReader } from './frame-reader.ts'
import type { KeySpan } from './key-span.ts'
import { decodePayload, type Payload } from './payload.ts'
import { touches } from './touches.ts'

/** Which entries of a log are wanted: those that meet every condition that is given. */
export interface EntryQuery {
  /** Inclusive. */
  readonly startIndex?: Uint64
  /** Exclusive. */
  readonly endIndex?: Uint64
  readonly term?: Uint64
  readonly hasType?: (type: Uint64, payload: Payload) => boolean
  /** Keys of which the entry must touch one. */
  readonly spans?: readonly KeySpan[]
}

/** What a query says of an entry; the payload, when it took decoding to tell. */
export interface Match {
  readonly payload?: Payload
}

const MATCH: Match = {}

/** Whether the entry that `frames` read last is wanted; undefined when it is not. */
export function matchEntry(query: EntryQuery, frames: FrameReader): Match | undefined {
  const { index, term, type, dataStart, dataEnd } = frames.entry
  if (query.startIndex !== undefined && index < query.startIndex) return undefined
  if (query.endIndex !== undefined && index >= query.endIndex) return undefined
  if (query.term !== undefined && term !== query.term) return undefined
  if (query.hasType === undefined && query.spans === undefined) return MATCH
  if (frames.large) return undefined
  const payload = decodePayload(type, frames.bytes.subarray(dataStart, dataEnd))
  if (query.hasType && !query.hasType(type, payload)) return undefined
  if (query.spans && !query.spans.some((span) => touches(payload, span))) return undefined
  return { payload }
}
