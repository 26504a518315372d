import type { Findings } from '../findings/findings.ts'

/**
 * The buckets that every server from 3.3 to 3.8 makes when it starts, in bbolt's order.
 * Source: server/storage/schema/bucket.go @ v3.6.14.
 */
export const BUCKETS = [
  'alarm',
  'auth',
  'authRoles',
  'authUsers',
  'cluster',
  'key',
  'lease',
  'members',
  'members_removed',
  'meta',
] as const

export type BucketName = (typeof BUCKETS)[number]

export function isEtcdBucket(name: string): name is BucketName {
  return (BUCKETS as readonly string[]).includes(name)
}

/**
 * Reports buckets that are not there although every server makes them (STORE_BUCKET_MISSING), and
 * those that no server makes (STORE_BUCKET_UNKNOWN).
 *
 * @param names of the buckets in a file
 */
export function checkBuckets(names: readonly string[], path: string, findings: Findings): void {
  const missing = BUCKETS.filter((name) => !names.includes(name))
  const unknown = names.filter((name) => !isEtcdBucket(name))
  if (missing.length > 0) {
    findings.report(
      'STORE_BUCKET_MISSING',
      { path },
      {
        severity: missing.includes('key') ? 'error' : 'warning',
        message:
          missing.length === BUCKETS.length
            ? "none of etcd's buckets is in the file"
            : `not in the file: ${missing.join(', ')}`,
      },
    )
  }
  if (unknown.length > 0) {
    findings.report('STORE_BUCKET_UNKNOWN', { path }, { message: unknownMessage(unknown) })
  }
}

const MOST_NAMED = 10

function unknownMessage(names: readonly string[]): string {
  const named = names.slice(0, MOST_NAMED).join(', ')
  const left = names.length - MOST_NAMED
  return `not etcd's: ${named}${left > 0 ? ` and ${left} more` : ''}`
}
