import type { ConfState } from '../../lib/proto/conf-state.ts'
import type { Member } from '../../lib/proto/member.ts'
import { hex16, type Uint64 } from '../../lib/proto/uint64.ts'
import { excerpt } from './excerpt.ts'
import type { Grid, Sheet } from './sheet.ts'
import { count, shown } from './text.ts'

/** Who belongs to a cluster, as one source has it. */
export interface Roster {
  readonly confState?: ConfState | undefined
  /** Names and URLs, of those that have published them. */
  readonly members: readonly Member[]
  readonly removed: readonly Uint64[]
  /** The member whose files these are. */
  readonly self?: Uint64 | undefined
  /** Of which index this is the state. */
  readonly index?: Uint64 | undefined
}

type Role = 'voter' | 'learner' | 'outgoing' | 'removed' | 'no voter'

/** A table of voters, learners and removed members with their names and URLs. */
export function showMembers(sheet: Sheet, roster: Roster): void {
  const roles = rolesOf(roster)
  if (roles.size === 0) return
  const asOf = roster.index === undefined ? [] : [`as of index ${roster.index}`]
  sheet.section('members', [countsOf(roles), ...asOf])
  const people = new Map(roster.members.map((member) => [member.id, member]))
  const lines = excerpt([...roles], ([id]) => id === roster.self).map((line) => {
    if ('skipped' in line) return line
    const [id, role] = line.item
    const { name, peerUrls = [], clientUrls = [] } = people.get(id) ?? {}
    return {
      role,
      id: hex16(id),
      name: `${shown(name ?? '')}${id === roster.self ? ' (this)' : ''}`.trim(),
      peerUrls: peerUrls.map(shown),
      clientUrls: clientUrls.map(shown),
    }
  })
  sheet.table(gridWithClients(lines), gridWithPeers(lines), gridBelow(lines))
}

/** What the roster says of a member; undefined when it does not name it. */
export function roleOf(roster: Roster, id: Uint64): Role | undefined {
  return rolesOf(roster).get(id)
}

/** In the order voters, learners, removed; of equals in the order of the file. */
function rolesOf({ confState, members, removed }: Roster): Map<Uint64, Role> {
  const roles = new Map<Uint64, Role>()
  const add = (ids: readonly Uint64[], role: Role): void => {
    for (const id of ids) if (!roles.has(id)) roles.set(id, role)
  }
  add(confState?.voters ?? [], 'voter')
  add(confState?.votersOutgoing ?? [], 'outgoing')
  add(confState?.learners ?? [], 'learner')
  const ids = members.map(({ id }) => id)
  add(ids, 'no voter')
  add(removed, 'removed')
  return roles
}

function countsOf(roles: ReadonlyMap<Uint64, Role>): string {
  const numbers = new Map<Role, number>()
  for (const role of roles.values()) numbers.set(role, (numbers.get(role) ?? 0) + 1)
  const invariable = (role: Role, number: number): string => `${number} ${role}`
  return [...numbers]
    .map(([role, number]) =>
      role === 'voter' || role === 'learner' ? count(number, role) : invariable(role, number),
    )
    .join(', ')
}

type Line =
  | { readonly skipped: number }
  | {
      readonly role: Role
      readonly id: string
      readonly name: string
      readonly peerUrls: readonly string[]
      readonly clientUrls: readonly string[]
    }

const WHO = [{ title: 'ROLE' }, { title: 'ID' }, { title: 'NAME' }]

function gridWithClients(lines: readonly Line[]): Grid {
  return {
    columns: [...WHO, { title: 'PEER URLS' }, { title: 'CLIENT URLS' }],
    rows: lines.flatMap((line) => {
      if ('skipped' in line) return [more(line.skipped)]
      const { role, id, name, peerUrls, clientUrls } = line
      return stacked([role, id, name], [peerUrls, clientUrls])
    }),
  }
}

function gridWithPeers(lines: readonly Line[]): Grid {
  return {
    columns: [...WHO, { title: 'PEER URLS' }],
    rows: lines.flatMap((line) => {
      if ('skipped' in line) return [more(line.skipped)]
      const { role, id, name, peerUrls } = line
      return stacked([role, id, name], [peerUrls])
    }),
  }
}

/** URLs too long for a column have lines of their own. */
function gridBelow(lines: readonly Line[]): Grid {
  return {
    columns: [...WHO.slice(0, 2), { title: 'NAME, PEER URLS' }],
    rows: lines.flatMap((line) => {
      if ('skipped' in line) return [more(line.skipped)]
      const { role, id, name, peerUrls } = line
      return [[role, id, name], ...peerUrls.map((url) => ['', url])]
    }),
  }
}

/** One row, and more of them when there are several URLs. */
function stacked(who: readonly string[], urls: readonly (readonly string[])[]): string[][] {
  const height = Math.max(1, ...urls.map(({ length }) => length))
  return Array.from({ length: height }, (_, at) => [
    ...(at === 0 ? who : who.map(() => '')),
    ...urls.map((column) => column[at] ?? ''),
  ])
}

function more(skipped: number): string[] {
  return [`… ${skipped} more, see --json`]
}
