import type { Row } from '../bolt/row.ts'
import { decode, type MessageType } from '../proto/decode.ts'
import { authpb } from '../proto/generated/etcd.js'
import type { Uint64 } from '../proto/uint64.ts'
import { type BucketRows, shownKey } from './bucket-rows.ts'
import { uint64Row } from './fixed-row.ts'

/** Who may do what, without how they prove it: password hashes are never taken along. */
export interface AuthSummary {
  readonly enabled: boolean
  /** Counts changes of users and roles, from 1. */
  readonly revision?: Uint64
  /** Names. */
  readonly users: readonly string[]
  /** Names; the role `root` need not be there. */
  readonly roles: readonly string[]
}

/** What the bucket `auth` says. */
export type AuthState = Pick<AuthSummary, 'enabled' | 'revision'>

/** A user or role above this is none of etcd's. */
const LARGEST = 8 * 1024 * 1024

/**
 * Reads the bucket `auth`; that it is enabled is a finding (STORE_AUTH_ENABLED), because it holds
 * for whatever is restored from the db as well.
 * Source: server/storage/schema/auth.go @ v3.6.14.
 */
export function readAuth(rows: BucketRows): AuthState {
  const auth: { -readonly [Field in keyof AuthState]: AuthState[Field] } = { enabled: false }
  for (const row of rows) {
    const key = shownKey(row.key)
    if (key === 'authEnabled') auth.enabled = enabledRow(rows, row)
    else if (key === 'authRevision') {
      const revision = uint64Row(rows, row)
      if (revision !== undefined) auth.revision = revision
    } else rows.unknown(row)
  }
  return auth
}

/** Names of users, from the bucket `authUsers`. */
export function readUsers(rows: BucketRows): string[] {
  return readNames(rows, authpb.User, 'User')
}

/** Names of roles, from the bucket `authRoles`. */
export function readRoles(rows: BucketRows): string[] {
  return readNames(rows, authpb.Role, 'Role')
}

/** Servers take everything but 01 for off. */
function enabledRow(rows: BucketRows, row: Row): boolean {
  const [byte] = row.value
  if (row.value.length !== 1 || (byte !== 0 && byte !== 1)) {
    rows.undecodable(row, 'it is neither 00 nor 01', 'warning')
    return false
  }
  if (byte === 1) rows.notice('STORE_AUTH_ENABLED', row, 'clients need a user and a password')
  return byte === 1
}

function readNames(
  rows: BucketRows,
  type: MessageType<{ name?: Uint8Array | null }>,
  kind: string,
): string[] {
  const names: string[] = []
  for (const row of rows) {
    const decoded = row.value.length > LARGEST ? undefined : decode(type, row.value)
    if (!decoded?.ok) {
      rows.undecodable(row, `it is no ${kind}: ${decoded?.reason ?? 'too long'}`)
      continue
    }
    const name = decoded.message.name ?? new Uint8Array(0)
    if (Buffer.compare(name, row.key) !== 0) rows.mismatch(row, shownKey(row.key), shownKey(name))
    if (rows.hasRoom(row)) names.push(Buffer.from(row.key).toString())
  }
  return names
}
