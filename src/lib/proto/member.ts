import type { Uint64 } from './uint64.ts'

/**
 * A member of a cluster, as JSON in the v2 store, in membership changes and in the db has it:
 * membership.Member in server/etcdserver/api/membership/member.go @ v3.6.14.
 */
export interface Member {
  readonly id: Uint64
  /** Absent until the member has started and published it. */
  readonly name?: string
  readonly peerUrls: readonly string[]
  readonly clientUrls: readonly string[]
  readonly isLearner: boolean
}
