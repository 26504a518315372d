import type { etcdserverpb } from '../proto/generated/etcd.js'
import { type KeySpan, keySpan, overlap, prefixSpan, spanOf } from './key-span.ts'
import { asRequest } from './operation.ts'
import type { Payload } from './payload.ts'
import type { V2RequestPayload } from './payload-v2.ts'

/** What counts as touching: everything, or only what can change a key. */
export type Access = 'any' | 'writes'

type InternalRaftRequest = etcdserverpb.InternalRaftRequest.$Properties
type TxnRequest = etcdserverpb.TxnRequest.$Properties
type RequestOp = etcdserverpb.RequestOp.$Properties

/**
 * Whether an entry names a key in `span`: as a put, a delete, a range or a compare, at any depth
 * of a txn and in either of its branches (the log does not say which one ran). v2 requests name
 * their path, as `/1/foo`; deleting a directory names everything below it.
 *
 * What an entry changes without naming it is not seen here: the keys of a revoked lease.
 */
export function touches(payload: Payload, span: KeySpan, access: Access = 'any'): boolean {
  switch (payload.kind) {
    case 'request':
      return requestTouches(payload.message, span, access)
    case 'v2Request':
      return v2Touches(payload, span, access)
    default:
      return false
  }
}

function requestTouches(request: InternalRaftRequest, span: KeySpan, access: Access): boolean {
  const { put, delete_range, range, txn } = request
  return (
    (put != null && overlap(spanOf(put.key), span)) ||
    (delete_range != null && overlap(spanOf(delete_range.key, delete_range.range_end), span)) ||
    (range != null && access === 'any' && overlap(spanOf(range.key, range.range_end), span)) ||
    (txn != null && txnTouches(txn, span, access))
  )
}

function txnTouches(txn: TxnRequest, span: KeySpan, access: Access): boolean {
  const { compare, success, failure } = txn
  const operates = (op: RequestOp) => requestTouches(asRequest(op), span, access)
  return (
    (access === 'any' && compare?.some((c) => overlap(spanOf(c.key, c.range_end), span))) ||
    success?.some(operates) ||
    failure?.some(operates) ||
    false
  )
}

function v2Touches(request: V2RequestPayload, span: KeySpan, access: Access): boolean {
  if (request.path === '' || (access === 'writes' && request.method === 'QGET')) return false
  if (overlap(keySpan(Buffer.from(request.path)), span)) return true
  const below = Buffer.from(request.path.endsWith('/') ? request.path : `${request.path}/`)
  return request.message.Recursive === true && overlap(prefixSpan(below), span)
}
