import { decode } from '../proto/decode.ts'
import { etcdserverpb } from '../proto/generated/etcd.js'
import { type Uint64, uint64FromLong } from '../proto/uint64.ts'

/** etcdserverpb.Metadata, the same at the head of every segment: whose log this is. */
export interface WalMetadata {
  readonly memberId: Uint64
  readonly clusterId: Uint64
}

/** Decodes the data of a metadata record; undefined when it is not what etcd writes there. */
export function decodeWalMetadata(data: Uint8Array): WalMetadata | undefined {
  const decoded = decode(etcdserverpb.Metadata, data)
  if (!decoded.ok || !Object.hasOwn(decoded.message, 'NodeID')) return undefined
  const { NodeID, ClusterID } = decoded.message
  return { memberId: uint64FromLong(NodeID), clusterId: uint64FromLong(ClusterID) }
}
