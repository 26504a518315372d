import type { Cluster } from './cluster.ts'
import type { Meta } from './meta.ts'

/** Minor versions, such as `3.5`, between which the last server to write a db was. */
export interface WrittenBy {
  readonly atLeast: string
  /** Only 3.4 and older are told from all that came later. */
  readonly atMost?: string
}

/**
 * Who wrote a db, from what its schema has: servers from 3.6 on write `storageVersion`, those from
 * 3.5 on `term` with every entry and `confState` with every change of members, and all of them the
 * cluster version, which is that of the oldest member. 3.4.31 and later delete the rows of 3.5 when
 * they take over one of its dbs. Undefined when the db says nothing of the kind.
 * Source: server/storage/schema/schema.go @ v3.6.14, mvcc/downgrade.go @ v3.4.45.
 */
export function writtenBy(store: Meta & Cluster): WrittenBy | undefined {
  const { storageVersion, clusterVersion, consistentIndex, term, confState } = store
  const isSince35 = term !== undefined || confState !== undefined
  const minors = [storageVersion, clusterVersion, isSince35 ? '3.5.0' : undefined].flatMap(
    (version) => (version === undefined ? [] : [minorOf(version)]),
  )
  const [first, ...others] = minors
  if (first === undefined) return undefined
  const atLeast = others.reduce((a, b) => (isNewer(b, a) ? b : a), first)
  const isOld = consistentIndex !== undefined && !isNewer(atLeast, '3.4') && !isSince35
  return isOld ? { atLeast, atMost: '3.4' } : { atLeast }
}

/** `3.5` of `3.5.0`. */
function minorOf(version: string): string {
  return version.split('.').slice(0, 2).join('.')
}

function isNewer(a: string, b: string): boolean {
  const [[majorA = 0, minorA = 0], [majorB = 0, minorB = 0]] = [a, b].map((version) =>
    version.split('.').map(Number),
  ) as [number[], number[]]
  return majorA === majorB ? minorA > minorB : majorA > majorB
}
