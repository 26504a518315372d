import { decode, type UnknownField } from '../proto/decode.ts'
import { etcdserverpb } from '../proto/generated/etcd.js'
import { type Uint64, uint64FromLong } from '../proto/uint64.ts'
import { type UndecodablePayload, undecodable } from './payload-undecodable.ts'
import { describeV2Request, type V2RequestPayload } from './payload-v2.ts'
import { REQUESTS, type RequestName } from './request-name.ts'

/** A request of the v3 API, or one of the server's own. */
export interface RequestPayload {
  readonly kind: 'request'
  /** What a server does with it; `unknown` when it sets no request this build knows. */
  readonly name: RequestName | 'unknown'
  /** Every request set, in dispatch order; servers set one and apply only the first. */
  readonly names: readonly RequestName[]
  /** Of the request itself, or of its header; absent when neither has one, or has 0. */
  readonly requestId?: Uint64
  readonly header?: RequestHeader
  /** The whole message: `message.put` is the put. */
  readonly message: etcdserverpb.InternalRaftRequest.$Properties
  readonly unknownFields: readonly UnknownField[]
}

/** Absent fields are 0 or empty on disk. */
interface RequestHeader {
  readonly id?: Uint64
  readonly username?: string
  /** The revision of the auth store at which the server checked the permissions. */
  readonly authRevision?: Uint64
}

/**
 * Decodes the data of a normal entry as servers up to 3.6 do: an InternalRaftRequest, and when it
 * is none, a bare v2 Request. The attempt tells them apart, because a v2 Request has its method in
 * field 2, and no method's text is a valid message. From 3.7 on a v2 request stops the server.
 *
 * server/etcdserver/server.go applyEntryNormal @ v3.5.33, v3.6.14;
 * server/etcdserver/apply/apply.go Apply @ v3.7.1
 */
export function decodeRequest(
  data: Uint8Array,
): RequestPayload | V2RequestPayload | UndecodablePayload {
  const request = decode(etcdserverpb.InternalRaftRequest, data)
  if (request.ok) return describeRequest(request.message, request.unknownFields)
  const legacy = decode(etcdserverpb.Request, data)
  if (legacy.ok) return describeV2Request(legacy.message, legacy.unknownFields)
  return undecodable(data, request)
}

function describeRequest(
  message: etcdserverpb.InternalRaftRequest.$Properties,
  unknownFields: readonly UnknownField[],
): RequestPayload | V2RequestPayload {
  const names = REQUESTS.filter(({ field }) => message[field]).map(({ name }) => name)
  // Before anything else, up to 3.6.
  if (message.v2) return describeV2Request(message.v2, unknownFields, { message, names })
  const header = message.header && describeHeader(message.header)
  const requestId = idOf(message) ?? header?.id
  return {
    kind: 'request',
    name: names[0] ?? 'unknown',
    names,
    ...(requestId !== undefined && { requestId }),
    ...(header && { header }),
    message,
    unknownFields,
  }
}

function describeHeader(header: etcdserverpb.RequestHeader.$Properties): RequestHeader {
  const id = idOf(header)
  const authRevision = uint64FromLong(header.auth_revision ?? 0)
  return {
    ...(id !== undefined && { id }),
    ...(header.username && { username: header.username }),
    ...(authRevision !== 0 && { authRevision }),
  }
}

/** 0 is no id: servers then take the header's. */
function idOf({ ID }: Pick<etcdserverpb.RequestHeader.$Properties, 'ID'>): Uint64 | undefined {
  return uint64FromLong(ID ?? 0) || undefined
}
