import type { ConfState } from '../proto/conf-state.ts'
import { parseJson } from '../proto/json.ts'
import type { Member } from '../proto/member.ts'
import { type Uint64, uint64FromHex, uint64FromLong } from '../proto/uint64.ts'
import type { ConfChangePayload } from './conf-change.ts'
import type { Payload } from './payload.ts'

/** raftpb.ConfChangeType. */
const CHANGE = { addVoter: 0, remove: 1, update: 2, addLearner: 3 } as const

/** More membership entries than any log of etcd's has; beyond, the oldest are forgotten. */
const MOST_EVENTS = 20_000
const MOST_EVENT_BYTES = 16 * 1024 * 1024

/** The learners a cluster may have unless --max-learners says otherwise, which 3.6 and later know. */
const MOST_LEARNERS = 1

/** Who belongs to a cluster, as of some index. */
export interface Membership {
  readonly members: readonly Member[]
  readonly removedMembers: readonly Uint64[]
  readonly clusterVersion?: string
}

/** The same with raft's own configuration, which etcd keeps apart from its list of members. */
export interface RaftMembership extends Membership {
  readonly confState: ConfState
}

/** Whom an entry is about; undefined when it is about the cluster. */
type Subject = Uint64 | undefined

interface Effect {
  readonly subject: Subject
  /** Whether it is what a member sends when it has started. */
  readonly publishes?: boolean
  readonly apply: (state: State) => void
}

interface Event extends Effect {
  readonly index: Uint64
  /** Of the entry's data, at least of what is kept of it. */
  readonly bytes: number
}

/** etcd's list of members, and raft's voters and learners. */
class State {
  readonly members = new Map<Uint64, Member>()
  readonly removed = new Set<Uint64>()
  readonly voters: Set<Uint64>
  readonly learners: Set<Uint64>
  /** Those that have started at some time, as the log tells. */
  readonly published: ReadonlySet<Subject>
  version: string | undefined

  constructor(base: MembershipStart, published: ReadonlySet<Subject>) {
    const { members = [], removedMembers = [], confState } = base
    for (const member of members) this.members.set(member.id, member)
    for (const id of removedMembers) this.removed.add(id)
    this.voters = new Set(confState?.voters ?? idsOf(members, false))
    this.learners = new Set(confState?.learners ?? idsOf(members, true))
    this.published = published
    this.version = base.clusterVersion
    if (base.members !== undefined) return
    for (const id of this.voters) this.change(id, { isLearner: false })
    for (const id of this.learners) this.change(id, { isLearner: true })
  }

  change(id: Uint64, change: Partial<Member>): void {
    const before = this.members.get(id) ?? NOBODY
    this.members.set(id, { ...before, ...change, id })
  }

  /** Source: makeVoter, makeLearner and remove in confchange/confchange.go @ raft v3.6.0. */
  configure(id: Uint64, role: 'voter' | 'learner' | undefined): void {
    this.voters.delete(id)
    this.learners.delete(id)
    if (role === 'voter') this.voters.add(id)
    if (role === 'learner') this.learners.add(id)
  }
}

/** What a replay begins with. Without members those of the ConfState are taken, which have no URLs. */
type MembershipStart = Partial<Membership> & { readonly confState?: ConfState }

const NOBODY: Omit<Member, 'id'> = { peerUrls: [], clientUrls: [], isLearner: false }

/** The entries of a log that change who belongs to the cluster, in order. */
export class MembershipLog {
  private readonly events: Event[] = []
  private bytes = 0

  /**
   * Takes note of an entry; one that goes back in the log voids what was noted from its index on.
   *
   * @param bytes length of the payload
   */
  add(index: Uint64, payload: Payload, bytes: number): void {
    this.voidFrom(index)
    const effect = effectOf(payload)
    if (effect === undefined) return
    this.events.push({ ...effect, index, bytes })
    this.bytes += bytes
    while (this.events.length > MOST_EVENTS || this.bytes > MOST_EVENT_BYTES) {
      this.bytes -= (this.events.shift() as Event).bytes
    }
  }

  /** Voids what was noted from `index` on: the log went back to it. */
  voidFrom(index: Uint64): void {
    while (this.events.length > 0 && (this.events.at(-1) as Event).index >= index) {
      this.bytes -= (this.events.pop() as Event).bytes
    }
  }

  /**
   * The membership that results when the entries behind `after` and up to `upTo` are applied to
   * `base`, which is that of a snapshot.
   */
  replay(base: MembershipStart, after: Uint64, upTo: Uint64): RaftMembership {
    const published = this.events.filter(({ publishes }) => publishes)
    const state = new State(base, new Set(published.map(({ subject }) => subject)))
    for (const { index, apply } of this.events) {
      if (index > after && index <= upTo) apply(state)
    }
    return {
      members: [...state.members.values()].sort((a, b) => (a.id < b.id ? -1 : 1)),
      removedMembers: sorted(state.removed),
      ...(state.version === undefined ? {} : { clusterVersion: state.version }),
      confState: {
        voters: sorted(state.voters),
        learners: sorted(state.learners),
        votersOutgoing: base.confState?.votersOutgoing ?? [],
        learnersNext: base.confState?.learnersNext ?? [],
        autoLeave: base.confState?.autoLeave ?? false,
      },
    }
  }

  /** Who is changed behind `after`, with the index of each one's last change. */
  changedBehind(after: Uint64): ReadonlyMap<Uint64, Uint64> {
    const changed = new Map<Uint64, Uint64>()
    for (const { index, subject } of this.events) {
      if (index > after && subject !== undefined) changed.set(subject, index)
    }
    return changed
  }
}

function idsOf(members: readonly Member[], learners: boolean): Uint64[] {
  return members.filter(({ isLearner }) => isLearner === learners).map(({ id }) => id)
}

function sorted(ids: ReadonlySet<Uint64>): Uint64[] {
  return [...ids].sort((a, b) => (a < b ? -1 : 1))
}

function effectOf(payload: Payload): Effect | undefined {
  switch (payload.kind) {
    case 'confChange':
      return confChangeEffect(payload)
    case 'request': {
      const { cluster_version_set, cluster_member_attr_set } = payload.message
      if (cluster_version_set) return versionEffect(cluster_version_set.ver)
      if (!cluster_member_attr_set) return undefined
      const { member_ID, member_attributes } = cluster_member_attr_set
      const { name, client_urls } = member_attributes ?? {}
      return attributesEffect(uint64FromLong(member_ID ?? 0), name, client_urls)
    }
    case 'v2Request':
      return v2Effect(payload.method, payload.path, textOf(payload.message.Val))
    default:
      return undefined
  }
}

/** Source: applyConfChange in server/etcdserver/server.go and cluster.go @ v3.6.14. */
function confChangeEffect(change: ConfChangePayload): Effect {
  const { type, nodeId, context } = change
  const member = context?.member
  const apply = (state: State): void => {
    if (isRefused(change, state)) return
    if (type === CHANGE.remove) {
      state.configure(nodeId, undefined)
      state.members.delete(nodeId)
      state.removed.add(nodeId)
    } else if (type === CHANGE.update) {
      // Before 3.5.31 and 3.6.12 a learner that was updated lost its mark in etcd's list.
      if (member?.peerUrls) state.change(nodeId, { peerUrls: member.peerUrls })
    } else {
      state.configure(nodeId, type === CHANGE.addLearner ? 'learner' : 'voter')
      if (member?.isPromote) state.change(nodeId, { isLearner: false })
      else state.members.set(nodeId, addedMember(change))
    }
  }
  return { subject: nodeId, apply }
}

function addedMember({ type, nodeId, context }: ConfChangePayload): Member {
  const { name, peerUrls = [], clientUrls = [], isLearner = false } = context?.member ?? {}
  return {
    id: nodeId,
    ...(name ? { name } : {}),
    peerUrls,
    clientUrls,
    isLearner: context?.member ? isLearner : type === CHANGE.addLearner,
  }
}

/**
 * Whether servers refuse a change when its turn comes: it is in the log, and without effect.
 * Source: ValidateConfigurationChange in server/etcdserver/api/membership/cluster.go @ v3.6.14.
 */
function isRefused({ type, nodeId, context }: ConfChangePayload, state: State): boolean {
  const { members, removed } = state
  const known = members.get(nodeId)
  const member = context?.member
  if (removed.has(nodeId)) return true
  if (type === CHANGE.remove) return known === undefined
  if (type !== CHANGE.update && member?.isPromote) return known?.isLearner !== true
  if ((type === CHANGE.update) !== (known !== undefined)) return true
  const urls = new Set(member?.peerUrls)
  const taken = [...members.values()].some(
    ({ id, peerUrls }) => id !== nodeId && peerUrls.some((url) => urls.has(url)),
  )
  return taken || (type === CHANGE.addLearner && isLearnerTooMany(nodeId, state))
}

/** One that has started nevertheless was let in by servers that allow more learners. */
function isLearnerTooMany(id: Uint64, { members, published }: State): boolean {
  return idsOf([...members.values()], true).length >= MOST_LEARNERS && !published.has(id)
}

function attributesEffect(
  id: Uint64,
  name: string | null | undefined,
  clientUrls: readonly string[] | null | undefined,
): Effect {
  const apply = ({ members }: State): void => {
    const known = members.get(id)
    if (known === undefined) return
    const { name: _, ...rest } = known
    members.set(id, { ...rest, ...(name ? { name } : {}), clientUrls: clientUrls ?? [] })
  }
  return { subject: id, publishes: true, apply }
}

function versionEffect(version: string | null | undefined): Effect | undefined {
  if (!version) return undefined
  const apply = (state: State): void => {
    state.version = version
  }
  return { subject: undefined, apply }
}

/** Up to 3.5 servers publish themselves and the cluster version through the v2 API. */
function v2Effect(method: string, path: string, value: string): Effect | undefined {
  if (method !== 'PUT') return undefined
  if (path === '/0/version') return versionEffect(value)
  const id = uint64FromHex(/^\/0\/members\/([0-9a-f]+)\/attributes$/.exec(path)?.[1] ?? '')
  const json = id === undefined ? undefined : parseJson(value)
  if (id === undefined || !json?.ok) return undefined
  const { name, clientURLs } = Object(json.value) as { name?: unknown; clientURLs?: unknown }
  const urls = Array.isArray(clientURLs) ? clientURLs.map(String) : []
  return attributesEffect(id, typeof name === 'string' ? name : undefined, urls)
}

function textOf(value: Uint8Array | string | null | undefined): string {
  return typeof value === 'string' ? value : Buffer.from(value ?? []).toString()
}
