import { basename, relative } from 'node:path'
import type { Findings } from '../../lib/findings/findings.ts'
import type { MemberSource, Role, SourceView } from '../../lib/member/member-source.ts'
import {
  AUTHORITIES,
  type MembersBySource,
  type SourcedMember,
} from '../../lib/member/members-by-source.ts'
import { hex16 } from '../../lib/proto/uint64.ts'
import { excerpt } from '../inspect/excerpt.ts'
import { showFindings } from '../inspect/findings.ts'
import type { Sheet } from '../inspect/sheet.ts'
import { elided, shown } from '../inspect/text.ts'
import type { Grid } from '../table.ts'

/** A column's title, and what it stands for. */
const SOURCES: Readonly<Record<MemberSource, readonly [title: string, meaning: string]>> = {
  snap: ['SNAP', "raft's configuration in"],
  v2store: ['V2STORE', 'the members in the v2 store of'],
  walSnapshot: ['WALSNAP', "raft's configuration in the last snapshot record of"],
  walReplay: ['WAL', 'what the changes of members lead to in'],
  dbMembers: ['DB', 'members and members_removed in'],
  dbConfState: ['DBCONF', 'confState in'],
}

/** Shows the members by source: what speaks, a row a member, what differs, and what was found. */
export function showMembersBySource(
  sheet: Sheet,
  members: MembersBySource | undefined,
  findings: Findings,
): void {
  if (members) {
    sheet.line(sheet.theme.bold(`members  ${shown(members.path)}`))
    if (members.clusterVersion) sheet.field('cluster', [`version ${shown(members.clusterVersion)}`])
    showAuthorities(sheet, members)
    showSources(sheet, members)
    showRows(sheet, members)
    showNormal(sheet, members)
  }
  showFindings(sheet, findings)
}

/** Which columns count for which etcd, where more than one could. */
function showAuthorities(sheet: Sheet, { views }: MembersBySource): void {
  const isHere = (source: MemberSource): boolean => views.some((view) => view.source === source)
  if (!isHere('dbMembers') || !isHere('walReplay')) return
  const titles = (sources: readonly MemberSource[]): string =>
    sources
      .filter(isHere)
      .map((source) => SOURCES[source][0])
      .join(' + ')
  for (const { etcd, members, voters } of AUTHORITIES) {
    const version = etcd.replace('<=', '≤ ').replace('>=', '≥ ')
    const facts =
      titles(members) === titles(voters)
        ? [`goes by ${titles(members)}`]
        : [`goes by ${titles(members)} for the members`, `by ${titles(voters)} for raft`]
    sheet.field(`etcd ${version}`, facts, ', ')
  }
}

function showSources(sheet: Sheet, { path, views }: MembersBySource): void {
  if (views.length === 0) {
    sheet.field('sources', ['none of the files tells who belongs to the cluster'])
    return
  }
  sheet.gap()
  const rows = (file: (view: SourceView) => string): Grid['rows'] =>
    views.map((view) => {
      const [title, meaning] = SOURCES[view.source]
      const index = view.index === undefined ? '' : `index ${view.index}`
      return [title, index, `${meaning} ${file(view)}`]
    })
  const columns = [{ title: 'COLUMN' }, { title: 'AS OF' }, { title: 'WHAT' }]
  sheet.table(
    { columns, rows: rows((view) => shown(relative(path, view.path) || view.path)) },
    {
      columns,
      rows: rows((view) => elided(shown(basename(view.path)))),
    },
  )
}

function showRows(sheet: Sheet, { self, views, members }: MembersBySource): void {
  if (members.length === 0) return
  sheet.gap()
  const titles = views.map(({ source }) => ({ title: SOURCES[source][0] }))
  const lines = excerpt(members, isNotable)
  const grid = (
    columns: Grid['columns'],
    rowsOf: (member: SourcedMember, roles: string[]) => string[][],
  ): Grid => ({
    columns: [...columns, ...titles],
    rows: lines.flatMap((line) =>
      'skipped' in line
        ? [[`… ${line.skipped} more, see --json`]]
        : rowsOf(line.item, rolesOf(sheet, line.item, views)),
    ),
  })
  const nameOf = ({ id, name }: SourcedMember): string =>
    `${shown(name ?? '')}${id === self ? ' (this)' : ''}`.trim()
  const wide = grid([{ title: 'ID' }, { title: 'NAME' }], (member, roles) => [
    [hex16(member.id), nameOf(member), ...roles],
  ])
  const narrow = grid([{ title: 'ID, NAME' }], (member, roles) => [
    [hex16(member.id), ...roles],
    ...(nameOf(member) === '' ? [] : [[`  ${nameOf(member)}`]]),
  ])
  sheet.table(wide, narrow)
}

function rolesOf({ theme }: Sheet, member: SourcedMember, views: readonly SourceView[]): string[] {
  return views.map(({ source }) => {
    const role = member.sources.get(source)?.role ?? 'none'
    const faults = member.disagreements.filter((each) => each.source === source)
    const text = roleText(role)
    if (faults.some(({ severity }) => severity === 'error')) return theme.bad(text)
    if (faults.some(({ id }) => id !== undefined)) return theme.warn(text)
    return role === 'none' || role === 'removed' ? theme.dim(text) : text
  })
}

function roleText(role: Role): string {
  return role === 'none' ? '–' : role
}

/** What differs as it should, once for each reason. */
function showNormal(sheet: Sheet, { members }: MembersBySource): void {
  const reasons = new Map<string, string[]>()
  for (const { id, disagreements } of members) {
    for (const { id: finding, source, reason } of disagreements) {
      if (finding !== undefined) continue
      const text = `${SOURCES[source][0]}: ${reason}`
      reasons.set(text, [...(reasons.get(text) ?? []), hex16(id)])
    }
  }
  if (reasons.size === 0) return
  sheet.section('normal', ['differences that are as they should be'])
  for (const [reason, ids] of reasons) {
    sheet.prose(reason, 4)
    sheet.prose(sheet.theme.dim(idList(ids)), 6)
  }
}

const MOST_IDS = 8

function idList(ids: readonly string[]): string {
  const left = ids.length - MOST_IDS
  const first = ids.slice(0, MOST_IDS).join(' ')
  return left > 0 ? `${first} and ${left} more` : first
}

function isNotable({ disagreements }: SourcedMember): boolean {
  return disagreements.some(({ id }) => id !== undefined)
}
