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

/** Who belongs to a cluster, as of some index. */
export interface Membership {
  readonly members: readonly Member[]
  readonly removedMembers: readonly Uint64[]
  readonly clusterVersion?: string
}

interface Event {
  readonly index: Uint64
  /** Of the entry's data, at least of what is kept of it. */
  readonly bytes: number
  readonly apply: (state: State) => void
}

/** Members by id; those that only a ConfState names have nothing else. */
class State {
  readonly members = new Map<Uint64, Member>()
  readonly removed = new Set<Uint64>()
  version: string | undefined

  change(id: Uint64, change: Partial<Member>): void {
    const before = this.members.get(id) ?? NOBODY
    this.members.set(id, { ...before, ...change, id })
  }
}

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
    const apply = effectOf(payload)
    if (apply === undefined) return
    this.events.push({ index, apply, bytes })
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
  replay(
    base: Partial<Membership> & { readonly confState?: ConfState },
    after: Uint64,
    upTo: Uint64,
  ): Membership {
    const state = stateOf(base)
    for (const { index, apply } of this.events) {
      if (index > after && index <= upTo) apply(state)
    }
    return {
      members: [...state.members.values()].sort((a, b) => (a.id < b.id ? -1 : 1)),
      removedMembers: [...state.removed].sort((a, b) => (a < b ? -1 : 1)),
      ...(state.version === undefined ? {} : { clusterVersion: state.version }),
    }
  }
}

/** Voters and learners of a membership, in the order of their ids. */
export function confStateFrom(members: readonly Member[]): ConfState {
  return {
    voters: members.filter(({ isLearner }) => !isLearner).map(({ id }) => id),
    learners: members.filter(({ isLearner }) => isLearner).map(({ id }) => id),
    votersOutgoing: [],
    learnersNext: [],
    autoLeave: false,
  }
}

function stateOf(base: Partial<Membership> & { readonly confState?: ConfState }): State {
  const state = new State()
  for (const member of base.members ?? []) state.members.set(member.id, member)
  for (const id of base.removedMembers ?? []) state.removed.add(id)
  for (const id of base.confState?.voters ?? []) state.change(id, { isLearner: false })
  for (const id of base.confState?.learners ?? []) state.change(id, { isLearner: true })
  state.version = base.clusterVersion
  return state
}

function effectOf(payload: Payload): Event['apply'] | undefined {
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

/** Source: applyConfChange in server/etcdserver/server.go and cluster.go @ v3.5.33. */
function confChangeEffect(change: ConfChangePayload): Event['apply'] {
  const { type, nodeId, context } = change
  const member = context?.member
  return (state) => {
    if (isRefused(change, state)) return
    if (type === CHANGE.remove) {
      state.members.delete(nodeId)
      state.removed.add(nodeId)
    } else if (type === CHANGE.update) {
      if (member?.peerUrls) state.change(nodeId, { peerUrls: member.peerUrls })
    } else if (member?.isPromote) {
      state.change(nodeId, { isLearner: false })
    } else {
      state.change(nodeId, {
        ...(member?.name ? { name: member.name } : {}),
        peerUrls: member?.peerUrls ?? [],
        clientUrls: member?.clientUrls ?? [],
        isLearner: type === CHANGE.addLearner,
      })
    }
  }
}

/**
 * Whether servers refuse a change when its turn comes: it is in the log, and without effect.
 * Source: ValidateConfigurationChange in server/etcdserver/api/membership/cluster.go @ v3.6.14.
 */
function isRefused(
  { type, nodeId, context }: ConfChangePayload,
  { members, removed }: State,
): boolean {
  const known = members.get(nodeId)
  if (removed.has(nodeId)) return true
  if (type === CHANGE.remove) return known === undefined
  if (context?.member?.isPromote) return known?.isLearner !== true
  if ((type === CHANGE.update) !== (known !== undefined)) return true
  const urls = new Set(context?.member?.peerUrls)
  return [...members.values()].some(
    ({ id, peerUrls }) => id !== nodeId && peerUrls.some((url) => urls.has(url)),
  )
}

function attributesEffect(
  id: Uint64,
  name: string | null | undefined,
  clientUrls: readonly string[] | null | undefined,
): Event['apply'] {
  return (state) => {
    if (!state.members.has(id)) return
    state.change(id, { ...(name ? { name } : {}), clientUrls: clientUrls ?? [] })
  }
}

function versionEffect(version: string | null | undefined): Event['apply'] | undefined {
  if (!version) return undefined
  return (state) => {
    state.version = version
  }
}

/** Up to 3.5 servers publish themselves and the cluster version through the v2 API. */
function v2Effect(method: string, path: string, value: string): Event['apply'] | undefined {
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
