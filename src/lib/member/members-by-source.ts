import type { Finding } from '../findings/finding.ts'
import type { Findings } from '../findings/findings.ts'
import { hex16, type Uint64 } from '../proto/uint64.ts'
import { type Disagreement, disagreementsOf } from './member-disagreements.ts'
import { type MemberFiles, replayOf, sourceViews } from './member-files.ts'
import type { MemberSource, SourceView, Standing } from './member-source.ts'

/** A member, as every source has it. */
export interface SourcedMember {
  readonly id: Uint64
  /** Absent when no source has it: then it has not started yet. */
  readonly name?: string
  /** By source, of those there are. */
  readonly sources: ReadonlyMap<MemberSource, Standing>
  readonly disagreements: readonly Disagreement[]
}

/** Who belongs to a cluster, by every source on disk. */
export interface MembersBySource {
  readonly path: string
  /** Whose files these are, when the WAL tells. */
  readonly self?: Uint64
  readonly clusterId?: Uint64
  readonly clusterVersion?: string
  readonly views: readonly SourceView[]
  /** Those who belong to it by any source first, then those who were removed; by their ids. */
  readonly members: readonly SourcedMember[]
}

/** Which sources each etcd goes by when it starts: for its list of members, and for raft. */
export interface Authority {
  readonly etcd: '<=3.5' | '3.6' | '>=3.7'
  readonly members: readonly MemberSource[]
  readonly voters: readonly MemberSource[]
}

/**
 * Source: NewServer in server/etcdserver/server.go @ v3.5.33; bootstrap.go and UnsafeLoad in
 * api/membership/cluster.go @ v3.6.14; buildConfStateFromV3store in bootstrap.go @ v3.7.1.
 */
export const AUTHORITIES: readonly Authority[] = [
  { etcd: '<=3.5', members: ['v2store', 'walReplay'], voters: ['snap', 'walReplay'] },
  { etcd: '3.6', members: ['dbMembers', 'walReplay'], voters: ['snap', 'walReplay'] },
  { etcd: '>=3.7', members: ['dbMembers', 'walReplay'], voters: ['dbMembers', 'walReplay'] },
]

/** Puts side by side what each file says of each member, and reports what should not differ. */
export function membersBySource(files: MemberFiles, findings: Findings): MembersBySource {
  const replay = replayOf(files)
  const views = sourceViews(files, replay)
  const clusterVersion =
    replay?.clusterVersion ?? files.db?.clusterVersion ?? files.snap?.store?.clusterVersion
  const isSince36 = isAtLeast36(files.db?.storageVersion ?? clusterVersion)
  const members = idsOf(views).map((id) => {
    const disagreements = disagreementsOf({ id, files, views, replay, isSince36 })
    const sources = new Map(views.map((view) => [view.source, view.standings.of(id)]))
    const named = [...sources.values()].find(({ member }) => member?.name !== undefined)
    const name = named?.member?.name
    report({ id, ...(name === undefined ? {} : { name }) }, disagreements, views, findings)
    return { id, ...(name === undefined ? {} : { name }), sources, disagreements }
  })
  const { metadata } = files.wal?.log.summary ?? {}
  return {
    path: files.path,
    ...(metadata ? { self: metadata.memberId, clusterId: metadata.clusterId } : {}),
    ...(clusterVersion === undefined ? {} : { clusterVersion }),
    views,
    members: [...members].sort((a, b) => Number(isGone(a)) - Number(isGone(b))),
  }
}

/** One finding a member and id, at the first source that has it. */
function report(
  { id, name }: Pick<SourcedMember, 'id' | 'name'>,
  disagreements: readonly Disagreement[],
  views: readonly SourceView[],
  findings: Findings,
): void {
  const reported = new Set<Finding['id']>()
  for (const { id: finding, source, severity, expected, says, reason } of disagreements) {
    if (finding === undefined || reported.has(finding)) continue
    reported.add(finding)
    const { path = '' } = views.find((view) => view.source === source) ?? {}
    findings.report(
      finding,
      { path },
      {
        message: `member ${hex16(id)}${name === undefined ? '' : ` (${name})`}: ${reason}`,
        ...(says === expected ? {} : { expected, found: says }),
        ...(severity === undefined ? {} : { severity }),
      },
    )
  }
}

function idsOf(views: readonly SourceView[]): Uint64[] {
  return [...new Set(views.flatMap(({ standings }) => standings.ids))].sort((a, b) =>
    a < b ? -1 : 1,
  )
}

function isGone({ sources }: SourcedMember): boolean {
  return [...sources.values()].every(({ role }) => role === 'removed' || role === 'none')
}

function isAtLeast36(version: string | undefined): boolean {
  const [major = 0, minor = 0] = (version ?? '').split('.').map(Number)
  return major > 3 || (major === 3 && minor >= 6)
}
