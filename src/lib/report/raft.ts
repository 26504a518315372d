import type { ConfState } from '../proto/conf-state.ts'
import type { Member } from '../proto/member.ts'
import { hex16, type Uint64 } from '../proto/uint64.ts'
import type { HardState } from '../wal/hard-state.ts'

/** Raft's and the membership's terms as docs/contract.md lays them down: ids are hex. */

export function confStateReport(confState: ConfState): object {
  return {
    voters: ids(confState.voters),
    learners: ids(confState.learners),
    votersOutgoing: ids(confState.votersOutgoing),
    learnersNext: ids(confState.learnersNext),
    autoLeave: confState.autoLeave,
  }
}

export function hardStateReport({ term, vote, commit }: HardState): object {
  return { term, vote: hex16(vote), commit }
}

export function memberReport({ id, name, peerUrls, clientUrls, isLearner }: Member): object {
  return { id: hex16(id), name, peerUrls, clientUrls, isLearner }
}

export function ids(values: readonly Uint64[]): string[] {
  return values.map(hex16)
}
