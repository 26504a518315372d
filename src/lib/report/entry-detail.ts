import type { UnknownField } from '../proto/decode.ts'
import { raftpb } from '../proto/generated/etcd.js'
import { hex16, type Uint64 } from '../proto/uint64.ts'
import type { ConfChangePayload, ConfChangeStep, ConfChangeV2Payload } from '../wal/conf-change.ts'
import type { ConfChangeContext } from '../wal/conf-change-context.ts'
import type { Payload } from '../wal/payload.ts'
import type { RequestPayload } from '../wal/payload-request.ts'
import type { V2RequestPayload } from '../wal/payload-v2.ts'
import { type Disclosure, keyJson, opaqueJson } from './bytes.ts'
import { enumName, type JsonObject } from './fields.ts'
import { setRequests, v2Detail } from './request-detail.ts'

/** What the JSON of a log entry says of its payload: three members of the `entry` line. */
export interface EntryDetail {
  /** A request's name, or `noop`, `v2Request`, `confChange`, `confChangeV2`, `undecodable`. */
  readonly request: string
  readonly requestId?: string
  readonly detail: JsonObject
}

/**
 * Plain data of a payload. What is absent in the file is absent here, and what proto3 does not
 * write (zeros, false, empty texts) counts as absent; ids are 16 hex digits; enum numbers without a
 * name stay numbers; fields this build does not know are listed as `unknownFields`.
 */
export function entryDetail(payload: Payload, disclosure: Disclosure = {}): EntryDetail {
  switch (payload.kind) {
    case 'noop':
      return { request: 'noop', detail: {} }
    case 'request':
      return named(payload.name, payload, requestDetail(payload, disclosure), disclosure)
    case 'v2Request':
      return named('v2Request', payload, v2RequestDetail(payload, disclosure), disclosure)
    case 'confChange':
      return named('confChange', payload, confChangeDetail(payload), disclosure)
    case 'confChangeV2':
      return named('confChangeV2', payload, confChangeV2Detail(payload), disclosure)
    case 'undecodable': {
      const { reason, at, bytes } = payload
      const data = opaqueJson(bytes, disclosure)
      return { request: 'undecodable', detail: { reason, at, data } }
    }
  }
}

function named(
  request: string,
  { requestId, unknownFields }: { requestId?: Uint64; unknownFields: readonly UnknownField[] },
  detail: JsonObject,
  disclosure: Disclosure,
): EntryDetail {
  if (unknownFields.length > 0) {
    detail.unknownFields = unknownFields.map((field) => unknownFieldJson(field, disclosure))
  }
  return { request, ...(requestId !== undefined && { requestId: hex16(requestId) }), detail }
}

function unknownFieldJson(field: UnknownField, disclosure: Disclosure): JsonObject {
  const { path, number, wireType, bytes } = field
  return { ...(path && { path }), field: number, wireType, ...opaqueJson(bytes, disclosure) }
}

/** Requests that are set beside the one that is applied follow as `ignored`. */
function requestDetail(payload: RequestPayload, disclosure: Disclosure): JsonObject {
  const { [payload.name]: applied, ...ignored } = setRequests(payload.message, disclosure)
  return { ...(applied as JsonObject), ...headerDetail(payload), ...ignoredDetail(ignored) }
}

/** The user a request was made as. The header's id only when it is not the request's. */
function headerDetail({ header, requestId }: RequestPayload): JsonObject {
  const { id, username, authRevision } = header ?? {}
  const json: JsonObject = {
    ...(id !== undefined && id !== requestId && { id: hex16(id) }),
    ...(username !== undefined && { username }),
    ...(authRevision !== undefined && { authRevision }),
  }
  return Object.keys(json).length > 0 ? { header: json } : {}
}

function ignoredDetail(ignored: JsonObject): JsonObject {
  return Object.keys(ignored).length > 0 ? { ignored } : {}
}

function v2RequestDetail(payload: V2RequestPayload, disclosure: Disclosure): JsonObject {
  const { message, wrapper } = payload
  const ignored = wrapper ? setRequests(wrapper.message, disclosure) : {}
  return { ...v2Detail(message, disclosure), ...ignoredDetail(ignored) }
}

function confChangeDetail(payload: ConfChangePayload): JsonObject {
  return { ...stepDetail(payload), ...contextDetail(payload.context) }
}

function confChangeV2Detail({ transition, changes, context }: ConfChangeV2Payload): JsonObject {
  return {
    transition: enumName(raftpb.ConfChangeTransition, transition),
    changes: changes.map(stepDetail),
    ...contextDetail(context),
  }
}

function stepDetail({ type, nodeId }: ConfChangeStep): JsonObject {
  return { type: enumName(raftpb.ConfChangeType, type), nodeId: hex16(nodeId) }
}

/** The member; and the context as it stands when the member does not say all of it. */
function contextDetail(context: ConfChangeContext | undefined): JsonObject {
  if (!context) return {}
  const { member, complete, bytes } = context
  const json: JsonObject = {}
  if (member) {
    const { id, ...rest } = member
    json.member = { ...(id !== undefined && { id: hex16(id) }), ...rest }
  }
  if (!complete) json.context = keyJson(bytes)
  return json
}
