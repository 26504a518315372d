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

/** Longer than any ConfState: 11 bytes a member. */
const LARGEST = 64 * 1024

/** Decodes the data of a snapshot record; undefined when it is not what etcd writes there. */
export function decodeWalSnapshot(data: Uint8Array): WalSnapshot | undefined {
  if (data.length > LARGEST) return undefined
  const decoded = decode(walpb.Snapshot, data)
  if (!decoded.ok) return undefined
  const { index, term, conf_state } = decoded.message
  return {
    index: uint64FromLong(index),
    term: uint64FromLong(term),
    ...(conf_state ? { confState: confStateOf(conf_state) } : {}),
  }
}
