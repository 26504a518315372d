import type { Row } from '../bolt/row.ts'
import type { Findings } from '../findings/findings.ts'
import type { Member } from '../proto/member.ts'
import type { Uint64 } from '../proto/uint64.ts'
import { type Alarm, readAlarms } from './alarm.ts'
import { type AuthSummary, readAuth, readRoles, readUsers } from './auth.ts'
import { BucketRows, shownKey, type UnknownKey, UnknownKeys } from './bucket-rows.ts'
import type { BucketName } from './buckets.ts'
import { type Cluster, readCluster } from './cluster.ts'
import { countLeases } from './lease.ts'
import { readMembers, readRemovedMembers } from './membership.ts'
import { type Meta, readMeta } from './meta.ts'

/** What all buckets but `key` say. */
export interface SmallBuckets extends Meta, Cluster {
  readonly members: readonly Member[]
  readonly removedMembers: readonly Uint64[]
  readonly leases: number
  readonly alarms: readonly Alarm[]
  readonly auth: AuthSummary
  readonly unknownKeys: readonly UnknownKey[]
}

/** Unknown keys that a message names. */
const MOST_NAMED = 5

/**
 * Reads every bucket of etcd's but `key`, in which the keys and values of clients are. Rows that do
 * not decode are findings, and so is what whoever restores this db should know: alarms, a downgrade
 * in progress, auth. Memory is bounded: of each bucket at most 10 000 rows, or 2 MiB of them, are
 * kept.
 *
 * @param rowsOf the rows of a bucket, none when there is no such bucket
 * @param path of the file, for findings
 */
export function readSmallBuckets(
  rowsOf: (bucket: string) => Iterable<Row>,
  path: string,
  findings: Findings,
): SmallBuckets {
  const unknownKeys = new UnknownKeys()
  const rows = (name: BucketName): BucketRows =>
    new BucketRows(name, rowsOf(name), path, findings, unknownKeys)
  const members = readMembers(rows('members'))
  const smallBuckets = {
    ...readMeta(rows('meta')),
    ...readCluster(rows('cluster')),
    members,
    removedMembers: readRemovedMembers(rows('members_removed'), members),
    leases: countLeases(rows('lease')),
    alarms: readAlarms(rows('alarm')),
    auth: {
      ...readAuth(rows('auth')),
      users: readUsers(rows('authUsers')),
      roles: readRoles(rows('authRoles')),
    },
    unknownKeys: unknownKeys.kept,
  }
  reportUnknown(unknownKeys, path, findings)
  return smallBuckets
}

function reportUnknown({ kept, total }: UnknownKeys, path: string, findings: Findings): void {
  if (total === 0) return
  const named = kept.slice(0, MOST_NAMED).map(({ bucket, key }) => `${bucket}/${shownKey(key)}`)
  const left = total - named.length
  const message = `${named.join(', ')}${left > 0 ? ` and ${left} more` : ''}`
  findings.report('STORE_UNKNOWN_KEYS', { path }, { message })
}
