import {
  type ConfChangePayload,
  type ConfChangeV2Payload,
  decodeConfChange,
  decodeConfChangeV2,
} from './conf-change.ts'
import { ENTRY } from './entry.ts'
import { decodeRequest, type RequestPayload } from './payload-request.ts'
import { type UndecodablePayload, undecodable } from './payload-undecodable.ts'
import type { V2RequestPayload } from './payload-v2.ts'

/** The empty entry a leader appends when its term begins. */
interface NoopPayload {
  readonly kind: 'noop'
}

/** What a log entry asks the server to do. */
export type Payload =
  | NoopPayload
  | RequestPayload
  | V2RequestPayload
  | ConfChangePayload
  | ConfChangeV2Payload
  | UndecodablePayload

/**
 * Describes the data of a raftpb.Entry of the given type, completely: every field, known or not.
 * Byte fields are views of `data`. Never throws for bad bytes.
 */
export function decodePayload(type: number | bigint, data: Uint8Array): Payload {
  switch (type) {
    case ENTRY.normal:
      return data.length === 0 ? { kind: 'noop' } : decodeRequest(data)
    case ENTRY.confChange:
      return decodeConfChange(data)
    case ENTRY.confChangeV2:
      return decodeConfChangeV2(data)
    default:
      return undecodable(data, { at: 0, reason: `unknown entry type ${type}` })
  }
}
