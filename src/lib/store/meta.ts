import type { Row } from '../bolt/row.ts'
import type { ConfState } from '../proto/conf-state.ts'
import { type JsonValue, parseJson } from '../proto/json.ts'
import { areUint64s, isFlag, isObject } from '../proto/json-shape.ts'
import type { Uint64 } from '../proto/uint64.ts'
import { type BucketRows, shownKey } from './bucket-rows.ts'
import { revisionRow, uint64Row } from './fixed-row.ts'
import { versionRow } from './version-text.ts'

/** The bucket `meta`: how far the store has got, and in whose schema. Absent is what has no row. */
export interface Meta {
  /** Raft index of the last entry that the store holds. */
  readonly consistentIndex?: Uint64
  /** Of that entry; since 3.5. */
  readonly term?: Uint64
  /** Since 3.5; no server reads it, and a restore leaves that of the cluster before. */
  readonly confState?: ConfState
  /** Since 3.6, x.y.0. */
  readonly storageVersion?: string
  readonly scheduledCompactRevision?: Uint64
  readonly finishedCompactRevision?: Uint64
}

/** A JSON text above this is none of etcd's. */
const LARGEST_JSON = 1024 * 1024

/**
 * Reads the bucket `meta`.
 * Source: server/storage/schema/{cindex,confstate,version}.go, server/storage/mvcc/store.go @ v3.6.14.
 */
export function readMeta(rows: BucketRows): Meta {
  const meta: { -readonly [Field in keyof Meta]: Meta[Field] } = {}
  for (const row of rows) {
    const field = FIELDS.get(shownKey(row.key))
    if (field === undefined) rows.unknown(row)
    else Object.assign(meta, field(rows, row))
  }
  return meta
}

const FIELDS = new Map<string, (rows: BucketRows, row: Row) => Meta>([
  ['consistent_index', (rows, row) => given('consistentIndex', uint64Row(rows, row))],
  ['term', (rows, row) => given('term', uint64Row(rows, row))],
  ['confState', (rows, row) => given('confState', confStateRow(rows, row))],
  ['storageVersion', (rows, row) => given('storageVersion', storageVersionRow(rows, row))],
  ['scheduledCompactRev', (rows, row) => given('scheduledCompactRevision', revisionRow(rows, row))],
  ['finishedCompactRev', (rows, row) => given('finishedCompactRevision', revisionRow(rows, row))],
])

function given<Field extends keyof Meta>(field: Field, value: Meta[Field] | undefined): Meta {
  return value === undefined ? {} : { [field]: value }
}

/** Servers write it and never read it. */
function confStateRow(rows: BucketRows, row: Row): ConfState | undefined {
  const json = row.value.length > LARGEST_JSON ? undefined : parseJson(row.value)
  const confState = json?.ok ? confStateOfJson(json.value) : undefined
  if (confState === undefined) rows.undecodable(row, 'it is no ConfState in JSON', 'warning')
  return confState
}

/** Servers take one that they cannot parse for none. */
function storageVersionRow(rows: BucketRows, row: Row): string | undefined {
  const version = versionRow(row)
  if (version === undefined) rows.undecodable(row, 'it is no version', 'warning')
  return version
}

/**
 * `json.Marshal(raftpb.ConfState)`: absent where empty, but for auto_leave up to 3.6.
 * Source: raftpb/raft.pb.go @ raft v3.6.0.
 */
function confStateOfJson(json: JsonValue): ConfState | undefined {
  if (!isObject(json)) return undefined
  const { voters, learners, voters_outgoing, learners_next, auto_leave = false } = json
  const lists = [voters, learners, voters_outgoing, learners_next].map((list) => list ?? [])
  if (!lists.every(areUint64s) || !isFlag(auto_leave)) return undefined
  const [nodes = [], learning = [], outgoing = [], next = []] = lists
  return {
    voters: nodes,
    learners: learning,
    votersOutgoing: outgoing,
    learnersNext: next,
    autoLeave: auto_leave,
  }
}
