import type { UnknownField } from '../proto/decode.ts'
import type { etcdserverpb } from '../proto/generated/etcd.js'
import { type Uint64, uint64FromLong } from '../proto/uint64.ts'
import type { RequestName } from './request-name.ts'

/** The InternalRaftRequest around a v2 request that is not bare. */
export interface V2Wrapper {
  readonly message: etcdserverpb.InternalRaftRequest.$Properties
  /** v3 requests set beside it, which servers ignore. */
  readonly names: readonly RequestName[]
}

/**
 * A request of the v2 API. Servers up to 3.5 write two of them even when no client uses that API:
 * `PUT /0/members/<id>/attributes` and `PUT /0/version`; 3.6 accepts no others, 3.7 none.
 * Paths begin with `/0` (cluster), `/1` (user keys) or `/2` (v2 auth).
 */
export interface V2RequestPayload {
  readonly kind: 'v2Request'
  /** POST, PUT, DELETE, QGET, SYNC; etcd runs no others. '' when absent. */
  readonly method: string
  readonly path: string
  readonly requestId?: Uint64
  readonly message: etcdserverpb.Request.$Properties
  /** Absent when the entry holds the request bare. */
  readonly wrapper?: V2Wrapper
  readonly unknownFields: readonly UnknownField[]
}

export function describeV2Request(
  message: etcdserverpb.Request.$Properties,
  unknownFields: readonly UnknownField[],
  wrapper?: V2Wrapper,
): V2RequestPayload {
  const requestId = uint64FromLong(message.ID ?? 0)
  return {
    kind: 'v2Request',
    method: message.Method ?? '',
    path: message.Path ?? '',
    ...(requestId !== 0 && { requestId }),
    message,
    ...(wrapper && { wrapper }),
    unknownFields,
  }
}
