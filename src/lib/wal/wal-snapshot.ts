import { type ConfState, confStateOf } from '../proto/conf-state.ts'
import { decode } from '../proto/decode.ts'
import { walpb } from '../proto/generated/etcd.js'
import { type Uint64, uint64FromLong } from '../proto/uint64.ts'

/** walpb.Snapshot: a raft snapshot was saved here. The first one of a log is {0, 0}. */
export interface WalSnapshot {
  readonly index: Uint64
  readonly term: Uint64
  /** Since 3.5.0. */
  readonly confState?: ConfState
}

/** Decodes the data of a snapshot record; undefined when it is not valid protobuf. */
export function decodeWalSnapshot(data: Uint8Array): WalSnapshot | undefined {
  const decoded = decode(walpb.Snapshot, data)
  if (!decoded.ok) return undefined
  const { index, term, conf_state } = decoded.message
  return {
    index: uint64FromLong(index),
    term: uint64FromLong(term),
    ...(conf_state ? { confState: confStateOf(conf_state) } : {}),
  }
}
