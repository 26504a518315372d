import type { etcdserverpb } from '../proto/generated/etcd.js'

/** An operation of a txn as the request it is; under the names that a request alone has. */
export function asRequest(
  operation: etcdserverpb.RequestOp.$Properties,
): etcdserverpb.InternalRaftRequest.$Properties {
  return {
    range: operation.request_range ?? null,
    put: operation.request_put ?? null,
    delete_range: operation.request_delete_range ?? null,
    txn: operation.request_txn ?? null,
  }
}
