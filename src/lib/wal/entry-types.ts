import { ENTRY } from './entry.ts'
import type { Payload } from './payload.ts'
import { REQUESTS, type RequestName } from './request-name.ts'

/** Whether an entry, by its type and its payload, is one of those asked for. */
type EntryFilter = (type: number | bigint, payload: Payload) => boolean

export type ParsedEntryTypes =
  | { readonly ok: true; readonly matches: EntryFilter }
  | { readonly ok: false; readonly unknown: readonly string[]; readonly legal: readonly string[] }

/**
 * The names of etcd-dump-logs' --entry-type, with its meaning:
 * tools/etcd-dump-logs/main.go evaluateEntrytypeFlag @ v3.5.33, v3.6.14. From 3.7 on that tool
 * knows no v2 requests, and "Request" there is whatever is no InternalRaftRequest.
 */
const DUMP_LOGS_TYPES: { readonly [name: string]: EntryFilter } = {
  ConfigChange: (type) => type === ENTRY.confChange,
  Normal: (type) => type === ENTRY.normal,
  Request: (_, payload) => payload.kind === 'v2Request' && !payload.wrapper,
  InternalRaftRequest: isInternalRaftRequest,
  IRRRange: sets('range'),
  IRRPut: sets('put'),
  IRRDeleteRange: sets('deleteRange'),
  IRRTxn: sets('txn'),
  IRRCompaction: sets('compaction'),
  IRRLeaseGrant: sets('leaseGrant'),
  IRRLeaseRevoke: sets('leaseRevoke'),
  IRRLeaseCheckpoint: sets('leaseCheckpoint'),
}

/** Our own names: what `request` shows in the JSON of an entry. */
const OWN_TYPES: { readonly [name: string]: EntryFilter } = {
  noop: isKind('noop'),
  v2Request: isKind('v2Request'),
  confChange: (type) => type === ENTRY.confChange,
  confChangeV2: (type) => type === ENTRY.confChangeV2,
  undecodable: isKind('undecodable'),
  unknown: (_, payload) => payload.kind === 'request' && payload.name === 'unknown',
  ...Object.fromEntries(REQUESTS.map(({ name }) => [name, sets(name)])),
}

const TYPES = new Map(Object.entries({ ...OWN_TYPES, ...DUMP_LOGS_TYPES }))

/** Every name `parseEntryTypes` takes: ours first, then those of etcd-dump-logs. */
export const ENTRY_TYPE_NAMES: readonly string[] = [...TYPES.keys()]

/**
 * Reads names, each of which may be a list separated by commas. An entry matches when it is of one
 * of the types. No names match no entry.
 */
export function parseEntryTypes(...lists: readonly string[]): ParsedEntryTypes {
  const names = lists.flatMap((list) => list.split(',')).map((name) => name.trim())
  const wanted = names.filter((name) => name !== '')
  const unknown = wanted.filter((name) => !TYPES.has(name))
  if (unknown.length > 0) return { ok: false, unknown, legal: ENTRY_TYPE_NAMES }
  const filters = wanted.flatMap((name) => TYPES.get(name) ?? [])
  return { ok: true, matches: (type, payload) => filters.some((one) => one(type, payload)) }
}

function isKind(kind: Payload['kind']): EntryFilter {
  return (_, payload) => payload.kind === kind
}

/** An empty entry too: no bytes are a valid message without fields. */
function isInternalRaftRequest(_: number | bigint, payload: Payload): boolean {
  return (
    payload.kind === 'request' ||
    payload.kind === 'noop' ||
    (payload.kind === 'v2Request' && payload.wrapper !== undefined)
  )
}

/** Set is enough: the request need not be the one that a server would apply. */
function sets(name: RequestName): EntryFilter {
  return (_, payload) => {
    if (payload.kind === 'request') return payload.names.includes(name)
    return payload.kind === 'v2Request' && payload.wrapper?.names.includes(name) === true
  }
}
