import type { Row } from '../bolt/row.ts'
import { parseJson } from '../proto/json.ts'
import { isObject } from '../proto/json-shape.ts'
import type { Member } from '../proto/member.ts'
import { readMemberJson } from '../proto/member-json.ts'
import { hex16, type Uint64, uint64FromHex } from '../proto/uint64.ts'
import type { BucketRows } from './bucket-rows.ts'

/** A member above this is none of etcd's. */
const LARGEST_MEMBER = 64 * 1024

/**
 * Reads the bucket `members`, in the order of the ids. Up to 3.5 the `.snap` and the WAL count, and
 * this bucket may hold members of a cluster before; since 3.6 it is the truth.
 * Source: readMembersFromBackend in server/storage/schema/membership.go @ v3.6.14.
 */
export function readMembers(rows: BucketRows): Member[] {
  const members: Member[] = []
  for (const row of rows) {
    const id = idOf(rows, row)
    const member = id === undefined ? undefined : memberRow(rows, row, id)
    if (member && rows.hasRoom(row)) members.push(member)
  }
  return members.sort((a, b) => (a.id < b.id ? -1 : 1))
}

/**
 * Reads the bucket `members_removed`, in the order of the ids. One that is still a member is a
 * finding (STORE_MEMBER_REMOVED).
 */
export function readRemovedMembers(rows: BucketRows, members: readonly Member[]): Uint64[] {
  const present = new Set(members.map(({ id }) => id))
  const removed: Uint64[] = []
  for (const row of rows) {
    const id = idOf(rows, row)
    if (id === undefined) continue
    if (present.has(id)) {
      rows.notice('STORE_MEMBER_REMOVED', row, `${hex16(id)} is in members too`)
    }
    if (rows.hasRoom(row)) removed.push(id)
  }
  return removed.sort((a, b) => (a < b ? -1 : 1))
}

/** Keys are `strconv.FormatUint(id, 16)`. */
function idOf(rows: BucketRows, row: Row): Uint64 | undefined {
  const id = uint64FromHex(Buffer.from(row.key).toString('latin1'))
  if (id === undefined) rows.undecodable(row, 'its key is no member id')
  return id
}

function memberRow(rows: BucketRows, row: Row, id: Uint64): Member | undefined {
  const json = row.value.length > LARGEST_MEMBER ? undefined : parseJson(row.value)
  if (!json?.ok || !isObject(json.value)) {
    rows.undecodable(row, 'it is no member in JSON')
    return undefined
  }
  const { member, wrong } = readMemberJson(json.value)
  if (wrong.length > 0) rows.undecodable(row, `wrong type of ${wrong.join(', ')}`)
  const said = member.id ?? id
  if (said !== id) rows.mismatch(row, hex16(id), hex16(said))
  return { peerUrls: [], clientUrls: [], isLearner: false, ...member, id }
}
