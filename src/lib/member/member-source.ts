import type { ConfState } from '../proto/conf-state.ts'
import type { Member } from '../proto/member.ts'
import type { Uint64 } from '../proto/uint64.ts'

/**
 * A place on disk that says who belongs to a cluster: raft's configuration in a `.snap`, the v2 store
 * in the same file, the newest committed snapshot record of the WAL, what the WAL's entries lead to,
 * the buckets `members` and `members_removed`, and raft's configuration in the bucket `meta`.
 */
export const MEMBER_SOURCES = [
  'snap',
  'v2store',
  'walSnapshot',
  'walReplay',
  'dbMembers',
  'dbConfState',
] as const

export type MemberSource = (typeof MEMBER_SOURCES)[number]

/** What a source takes a member for; `none` when it does not name it. */
export type Role = 'voter' | 'learner' | 'outgoing' | 'removed' | 'none'

/** One source. */
export interface SourceView {
  readonly source: MemberSource
  readonly path: string
  /** The raft index as of which it speaks, where the file tells. */
  readonly index?: Uint64
  readonly standings: Standings
}

/** What one source says of one member. */
export interface Standing {
  readonly role: Role
  /** Its name and URLs, where there is a list of members. */
  readonly member?: Member
}

/** What a source is made of: raft's configuration, or etcd's list of members, or both. */
export interface Roster {
  readonly confState?: ConfState
  readonly members?: readonly Member[]
  readonly removedMembers?: readonly Uint64[]
}

/** What a source says of each member; raft's configuration decides where there is one. */
export class Standings {
  private readonly raft: ReadonlyMap<Uint64, Role> | undefined
  private readonly members: ReadonlyMap<Uint64, Member>
  private readonly removed: ReadonlySet<Uint64>

  constructor({ confState, members = [], removedMembers = [] }: Roster) {
    this.raft = confState && rolesIn(confState)
    this.members = new Map(members.map((member) => [member.id, member]))
    this.removed = new Set(removedMembers)
  }

  of(id: Uint64): Standing {
    const member = this.members.get(id)
    const role = this.raft ? (this.raft.get(id) ?? 'none') : roleInList(member)
    const isRemoved = role === 'none' && this.removed.has(id)
    return { role: isRemoved ? 'removed' : role, ...(member ? { member } : {}) }
  }

  /** Everyone who is named. */
  get ids(): Uint64[] {
    return [...(this.raft?.keys() ?? []), ...this.members.keys(), ...this.removed]
  }
}

function rolesIn(confState: ConfState): Map<Uint64, Role> {
  const { voters, votersOutgoing, learners, learnersNext } = confState
  const roles = new Map<Uint64, Role>()
  const add = (ids: readonly Uint64[], role: Role): void => {
    for (const id of ids) if (!roles.has(id)) roles.set(id, role)
  }
  add(voters, 'voter')
  add(votersOutgoing, 'outgoing')
  add(learners, 'learner')
  add(learnersNext, 'learner')
  return roles
}

function roleInList(member: Member | undefined): Role {
  if (member === undefined) return 'none'
  return member.isLearner ? 'learner' : 'voter'
}
