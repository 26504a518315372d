import type { Row } from '../bolt/row.ts'
import { parseJson } from '../proto/json.ts'
import { isFlag, isObject, isText } from '../proto/json-shape.ts'
import { type BucketRows, shownKey } from './bucket-rows.ts'
import { versionRow, versionText } from './version-text.ts'

/** Whether the cluster has been told to let servers of a lower version in; since 3.5. */
export interface Downgrade {
  readonly enabled: boolean
  /** Absent when it is not enabled. */
  readonly targetVersion?: string
}

/** The bucket `cluster`. */
export interface Cluster {
  /** x.y.0: all members have at least this version. */
  readonly clusterVersion?: string
  readonly downgrade?: Downgrade
}

const LARGEST_DOWNGRADE = 64 * 1024

/**
 * Reads the bucket `cluster`; a downgrade that is not over is a finding (STORE_DOWNGRADE).
 * Source: server/storage/schema/membership.go @ v3.6.14.
 */
export function readCluster(rows: BucketRows): Cluster {
  const cluster: { -readonly [Field in keyof Cluster]: Cluster[Field] } = {}
  for (const row of rows) {
    const key = shownKey(row.key)
    if (key === 'clusterVersion') {
      const version = versionRow(row)
      if (version === undefined) rows.undecodable(row, 'it is no version')
      else cluster.clusterVersion = version
    } else if (key === 'downgrade') {
      const downgrade = downgradeRow(rows, row)
      if (downgrade) cluster.downgrade = downgrade
    } else rows.unknown(row)
  }
  return cluster
}

function downgradeRow(rows: BucketRows, row: Row): Downgrade | undefined {
  const json = row.value.length > LARGEST_DOWNGRADE ? undefined : parseJson(row.value)
  const value = json?.ok && isObject(json.value) ? json.value : {}
  const { enabled = false, 'target-version': target = '' } = value
  if (!json?.ok || !isObject(json.value) || !isFlag(enabled) || !isText(target)) {
    rows.undecodable(row, 'it is no downgrade in JSON')
    return undefined
  }
  if (!enabled) return { enabled }
  const targetVersion = versionText(target)
  if (targetVersion === undefined) {
    rows.undecodable(row, 'the version to go to is no version')
    return { enabled }
  }
  rows.notice('STORE_DOWNGRADE', row, `a downgrade to ${targetVersion} is in progress`)
  return { enabled, targetVersion }
}
