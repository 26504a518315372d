import type { ConfState } from '../../lib/proto/conf-state.ts'
import type { Member } from '../../lib/proto/member.ts'
import { hex16, type Uint64 } from '../../lib/proto/uint64.ts'
import type { Grid } from '../table.ts'
import { excerpt } from './excerpt.ts'
import type { Sheet } from './sheet.ts'
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

/** Of one member. */
const MOST_URLS = 4

const PLURALS = {
  voter: 'voters',
  learner: 'learners',
  outgoing: 'outgoing',
  removed: 'removed',
  'no voter': 'no voters',
}

/** A member that is known by name and in no ConfState is `no voter`. */
type Role = keyof typeof PLURALS

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
      peerUrls: someOf(peerUrls),
      clientUrls: someOf(clientUrls),
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
  add(
    members.map(({ id }) => id),
    'no voter',
  )
  add(removed, 'removed')
  return roles
}

function countsOf(roles: ReadonlyMap<Uint64, Role>): string {
  const numbers = new Map<Role, number>()
  for (const role of roles.values()) numbers.set(role, (numbers.get(role) ?? 0) + 1)
  return [...numbers].map(([role, number]) => count(number, role, PLURALS[role])).join(', ')
}

interface Person {
  readonly role: Role
  readonly id: string
  readonly name: string
  readonly peerUrls: readonly string[]
  readonly clientUrls: readonly string[]
}

type Line = { readonly skipped: number } | Person

const WHO = ['ROLE', 'ID', 'NAME']

function gridWithClients(lines: readonly Line[]): Grid {
  return gridOf([...WHO, 'PEER URLS', 'CLIENT URLS'], lines, (person) =>
    stacked(whoOf(person), [person.peerUrls, person.clientUrls]),
  )
}

function gridWithPeers(lines: readonly Line[]): Grid {
  return gridOf([...WHO, 'PEER URLS'], lines, (person) => stacked(whoOf(person), [person.peerUrls]))
}

/** URLs too long for a column have lines of their own. */
function gridBelow(lines: readonly Line[]): Grid {
  return gridOf(['ROLE', 'ID', 'NAME, PEER URLS'], lines, (person) => [
    whoOf(person),
    ...person.peerUrls.map((url) => ['', url]),
  ])
}

function gridOf(
  titles: readonly string[],
  lines: readonly Line[],
  rowsOf: (person: Person) => string[][],
): Grid {
  return {
    columns: titles.map((title) => ({ title })),
    rows: lines.flatMap((line) =>
      'skipped' in line ? [[`… ${line.skipped} more, see --json`]] : rowsOf(line),
    ),
  }
}

function whoOf({ role, id, name }: Person): string[] {
  return [role, id, name]
}

function someOf(urls: readonly string[]): string[] {
  const left = urls.length - MOST_URLS
  const first = urls.slice(0, MOST_URLS).map(shown)
  return left > 0 ? [...first, `… ${left} more`] : first
}

/** One row, and more of them when there are several URLs. */
function stacked(who: readonly string[], urls: readonly (readonly string[])[]): string[][] {
  const height = Math.max(1, ...urls.map(({ length }) => length))
  return Array.from({ length: height }, (_, at) => [
    ...(at === 0 ? who : who.map(() => '')),
    ...urls.map((column) => column[at] ?? ''),
  ])
}
