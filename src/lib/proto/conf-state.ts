import type { raftpb } from './generated/etcd.js'
import { type Uint64, uint64FromLong } from './uint64.ts'

/**
 * raftpb.ConfState: who votes and who learns. etcd makes no joint configurations, so that the last
 * three are empty in its own files. Source: raftpb/raft.proto @ raft v3.6.0.
 */
export interface ConfState {
  /** 3.3 calls them nodes. */
  readonly voters: readonly Uint64[]
  readonly learners: readonly Uint64[]
  readonly votersOutgoing: readonly Uint64[]
  readonly learnersNext: readonly Uint64[]
  readonly autoLeave: boolean
}

/** The members of a decoded ConfState, in the order of the file. */
export function confStateOf(message: raftpb.ConfState.$Properties): ConfState {
  return {
    voters: (message.voters ?? []).map(uint64FromLong),
    learners: (message.learners ?? []).map(uint64FromLong),
    votersOutgoing: (message.voters_outgoing ?? []).map(uint64FromLong),
    learnersNext: (message.learners_next ?? []).map(uint64FromLong),
    autoLeave: message.auto_leave ?? false,
  }
}
