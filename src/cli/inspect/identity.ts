import { lastIndex, type Wal } from '../../lib/member/wal.ts'
import { difference, hex16, type Uint64 } from '../../lib/proto/uint64.ts'
import { type Roster, roleOf } from './members.ts'
import { isDamaged } from './segments.ts'
import type { Sheet } from './sheet.ts'
import { shown } from './text.ts'

/** Whose files these are, and how far this member has got. */
export function showIdentity(
  sheet: Sheet,
  wal: Wal | undefined,
  roster: Roster,
  clusterVersion: string | undefined,
): void {
  const { metadata } = wal?.log.summary ?? {}
  if (metadata) sheet.field('member', memberOf(sheet, roster, metadata.memberId))
  const cluster = [
    ...(metadata ? [hex16(metadata.clusterId)] : []),
    ...(clusterVersion ? [`version ${shown(clusterVersion)}`] : []),
  ]
  if (cluster.length > 0) sheet.field('cluster', cluster)
  if (wal) showProgress(sheet, wal, roster)
}

function memberOf({ theme }: Sheet, roster: Roster, id: Uint64): string[] {
  const name = nameOf(roster, id)
  const facts = [theme.bold(hex16(id)), ...(name === undefined ? [] : [theme.bold(name)])]
  const role = roleOf(roster, id)
  if (role === 'removed') return [...facts, theme.bad('removed from the cluster')]
  if (role !== undefined) return [...facts, role]
  return roster.members.length > 0 ? [...facts, theme.warn('not among the members')] : facts
}

function showProgress(sheet: Sheet, wal: Wal, roster: Roster): void {
  const { hardState } = wal.log.summary
  const last = lastIndex(wal)
  const facts = [
    ...(hardState ? [`term ${hardState.term}`, `commit ${hardState.commit}`] : []),
    ...(last === undefined ? [] : [`last index ${last}${originOf(last, wal)}`]),
    ...(hardState ? [voteOf(roster, hardState.vote)] : []),
    ...(isDamaged(wal.log) ? [sheet.theme.bad('as far as the WAL can be read')] : []),
  ]
  if (facts.length > 0) sheet.field('raft', facts)
}

/** Entries past the commit index may yet be overwritten, or have been committed unrecorded. */
function originOf(last: Uint64, { log }: Wal): string {
  const { hardState, runs } = log.summary
  if (last !== runs.last) return ' (of a snapshot)'
  const commit = hardState?.commit ?? last
  return last > commit ? ` (${difference(last, commit)} past commit)` : ''
}

function voteOf(roster: Roster, vote: Uint64): string {
  return vote === 0 ? 'no vote' : `voted for ${nameOf(roster, vote) ?? hex16(vote)}`
}

function nameOf({ members }: Roster, wanted: Uint64): string | undefined {
  const name = members.find(({ id }) => id === wanted)?.name
  return name === undefined ? undefined : shown(name)
}
