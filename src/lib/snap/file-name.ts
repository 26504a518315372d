import { type Uint64, uint64FromHex } from '../proto/uint64.ts'

/** `%016x-%016x.snap`: term, then index. Source: snapshotter.go @ v3.6.14, the same since 3.0. */
export function parseSnapName(name: string): { term: Uint64; index: Uint64 } | undefined {
  const match = /^([0-9a-f]{1,16})-([0-9a-f]{1,16})\.snap$/i.exec(name)
  const term = uint64FromHex(match?.[1] ?? '')
  const index = uint64FromHex(match?.[2] ?? '')
  return term === undefined || index === undefined ? undefined : { term, index }
}

/** `%016x.snap.db`: a db received from the leader for the snapshot of this index. */
export function parseSnapDbName(name: string): Uint64 | undefined {
  return uint64FromHex(/^([0-9a-f]{1,16})\.snap\.db$/i.exec(name)?.[1] ?? '')
}
