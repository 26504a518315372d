import type { FindingId } from '../findings/catalogue.ts'
import type { Severity } from '../findings/finding.ts'
import type { Member } from '../proto/member.ts'
import type { Uint64 } from '../proto/uint64.ts'
import type { MemberFiles, Replay } from './member-files.ts'
import type { MemberSource, Role, SourceView } from './member-source.ts'

/** Where a source says something else of a member than it should. */
export interface Disagreement {
  readonly source: MemberSource
  readonly says: Role
  /** What it should say, as of its index, by the source that counts. */
  readonly expected: Role
  /** Absent where the difference is as it should be. */
  readonly id?: FindingId
  readonly severity?: Severity
  /** Why it is so, in one sentence. */
  readonly reason: string
}

/** What the rules are about: one member, in all files. */
export interface MemberCase {
  readonly id: Uint64
  readonly files: MemberFiles
  readonly views: readonly SourceView[]
  readonly replay: Replay | undefined
  /** Whether servers of 3.6 or later wrote the files: they go by the db. */
  readonly isSince36: boolean
}

/** All that disagrees about a member, in the order of the sources. */
export function disagreementsOf(member: MemberCase): Disagreement[] {
  const rules = [v2StoreRule, walSnapshotRule, dbMembersRule, attributesRule, dbConfStateRule]
  return rules.flatMap((rule) => rule(member) ?? [])
}

/** The v2 store and raft's configuration are in one file, as of one index. */
function v2StoreRule({ id, views, isSince36 }: MemberCase): Disagreement | undefined {
  const [snap, v2store] = [viewOf(views, 'snap'), viewOf(views, 'v2store')]
  if (snap === undefined || v2store === undefined) return undefined
  const says = v2store.standings.of(id).role
  const expected = snap.standings.of(id).role
  const fault = faultOf(says, expected)
  if (fault === undefined) return undefined
  return {
    source: 'v2store',
    says,
    expected,
    id: fault,
    severity: isSince36 ? 'warning' : 'error',
    reason: `the v2 store ${has(says)}, raft's configuration in the same .snap ${has(expected)}`,
  }
}

function walSnapshotRule({ id, views, replay }: MemberCase): Disagreement | undefined {
  const record = viewOf(views, 'walSnapshot')
  const known = record?.index === undefined ? undefined : replay?.at(record.index)
  if (record === undefined || known === undefined) return undefined
  const says = record.standings.of(id).role
  const expected = known.of(id).role
  if (isSame(says, expected)) return undefined
  return {
    source: 'walSnapshot',
    says,
    expected,
    id: 'MEMBER_CONF_STATES',
    severity: 'warning',
    reason:
      `the WAL's snapshot record of index ${record.index} ${has(says)}, ` +
      `the .snap and the entries behind it ${has(expected)}`,
  }
}

function dbMembersRule(member: MemberCase): Disagreement | undefined {
  const { id, views, replay, isSince36 } = member
  const view = viewOf(views, 'dbMembers')
  if (view === undefined) return undefined
  const says = view.standings.of(id).role
  const index = view.index ?? 0
  const known = replay?.at(index)
  if (known === undefined) return dbAloneRule(member, says)
  const expected = known.of(id).role
  const fault = faultOf(says, expected)
  if (fault === undefined) return undefined
  const facts = { source: 'dbMembers', says, expected } as const
  const change = replay?.changeBehind(index, id)
  if (change !== undefined) {
    return {
      ...facts,
      reason: `the db is as of index ${index}, entry ${change} changes the member`,
    }
  }
  if (fault === 'MEMBER_MISSING' && known.of(id).member?.name === undefined && !isSince35(member)) {
    return {
      ...facts,
      reason:
        'a restore up to 3.4 leaves the db as it is: the member gets there when it has started',
    }
  }
  return {
    ...facts,
    id: fault,
    severity: isSince36 ? 'error' : 'warning',
    reason: `the db, as of index ${index}, ${has(says)}, raft's configuration ${has(expected)}`,
  }
}

/** Without a WAL there is only the db's own ConfState, which nobody reads. */
function dbAloneRule({ id, views }: MemberCase, says: Role): Disagreement | undefined {
  const own = viewOf(views, 'dbConfState')
  if (own === undefined) return undefined
  const expected = own.standings.of(id).role
  if (faultOf(says, expected) === undefined) return undefined
  const reason =
    'the ConfState beside it may be that of the cluster before a restore; .snap and WAL would tell'
  return { source: 'dbMembers', says, expected, reason }
}

/** It changes with the members only, and a restore leaves it as it is. No version reads it. */
function dbConfStateRule({ id, views, files, replay }: MemberCase): Disagreement | undefined {
  const view = viewOf(views, 'dbConfState')
  const known = replay?.at(files.db?.consistentIndex ?? 0)
  if (view === undefined || known === undefined) return undefined
  const says = view.standings.of(id).role
  const expected = known.of(id).role
  if (isSame(says, expected)) return undefined
  const reason =
    "the db's ConfState is written with changes of members only: a restore leaves that of the " +
    'cluster before. No etcd reads it'
  return { source: 'dbConfState', says, expected, reason }
}

/** Names and URLs, of those whom both have; what the db lacks should be in it. */
function attributesRule({ id, views, replay }: MemberCase): Disagreement | undefined {
  const view = viewOf(views, 'dbMembers')
  const index = view?.index ?? 0
  const expected = replay?.at(index)?.of(id).member
  const { role = 'none', member } = view?.standings.of(id) ?? {}
  if (expected === undefined || member === undefined) return undefined
  if (replay?.changeBehind(index, id) !== undefined) return undefined
  const facts = { source: 'dbMembers', says: role, expected: role } as const
  const different = differences(member, expected)
  if (different.length > 0) {
    const reason = `in the db ${different.join(', ')}; not so by the .snap and the WAL`
    return { ...facts, id: 'MEMBER_ATTRIBUTES', severity: 'warning', reason }
  }
  if (member.name === undefined || expected.name !== undefined) return undefined
  const reason = 'the WAL has no name of the member, which publishes it when it has started'
  return { ...facts, reason }
}

function differences(member: Member, expected: Member): string[] {
  const list = (urls: readonly string[]): string => [...urls].sort().join(' ')
  const fields = [
    ['name', member.name ?? '', expected.name ?? ''],
    ['peer URLs', list(member.peerUrls), list(expected.peerUrls)],
    ['client URLs', list(member.clientUrls), list(expected.clientUrls)],
  ] as const
  return fields
    .filter(([, found, wanted]) => wanted !== '' && found !== wanted)
    .map(([field, found]) => `${field} ${found || 'not there'}`)
}

/** What a source does with a member, in words. */
function has(role: Role): string {
  if (role === 'none') return 'does not have it'
  return role === 'removed' ? 'has it as removed' : `has it as a ${role}`
}

/** Raft's configuration forgets whom it has removed. */
function isSame(a: Role, b: Role): boolean {
  const isGone = (role: Role): boolean => role === 'removed' || role === 'none'
  return a === b || (isGone(a) && isGone(b))
}

/** What is wrong with a list that says one thing of a member of which raft says another. */
function faultOf(says: Role, raft: Role): FindingId | undefined {
  const isListed = says === 'voter' || says === 'learner'
  if (raft === 'none' || raft === 'removed') return isListed ? 'MEMBER_ZOMBIE' : undefined
  if (says === 'removed') return 'MEMBER_REMOVED'
  if (!isListed) return 'MEMBER_MISSING'
  const isLearner = raft === 'learner'
  if (isLearner === (says === 'learner')) return undefined
  return isLearner ? 'MEMBER_LEARNER_LOST' : 'MEMBER_NOT_PROMOTED'
}

/** From 3.5 on a db has the term of its last entry. */
function isSince35({ files: { db } }: MemberCase): boolean {
  return db?.term !== undefined
}

function viewOf(views: readonly SourceView[], source: MemberSource): SourceView | undefined {
  return views.find((view) => view.source === source)
}
