import type { BoltDb } from '../bolt/bolt-db.ts'
import type { Findings } from '../findings/findings.ts'
import type { Uint64 } from '../proto/uint64.ts'
import type { KeyEntry } from './keyspace-entry.ts'
import { type KeyFilter, takesKey } from './keyspace-filter.ts'
import { PayloadReader, PayloadWriter } from './keyspace-payload.ts'
import { type KeyOrder, SORT_PREFIX_BYTES, sortPrefix, sortValue } from './keyspace-sort.ts'
import type { RevisionRow } from './revision-row.ts'
import { revisionRows } from './revision-rows.ts'
import { SortedKeys, type SortedKeysOptions } from './sorted-keys/sorted-keys.ts'

/** What of a keyspace is to be listed, and in which order. */
export interface KeyspaceQuery extends KeyFilter {
  /** As it was at this revision; now, when absent. */
  readonly revision?: Uint64 | undefined
  /** Every revision and deletion that is stored, instead of what is live. */
  readonly history?: boolean
  /** By default by key. The revisions of a key stand in their order. */
  readonly order?: KeyOrder
  readonly descending?: boolean
  /** What the sorter may use: for tests. */
  readonly limits?: Pick<SortedKeysOptions, 'memory' | 'records'>
}

/** For each of two sorters. */
const HALF = { memory: 12 * 1024 * 1024, records: 192 * 1024 }

/**
 * The keys of a store, in order. What lists them reads all rows first, so all findings are known
 * before the first key is. Memory is bounded: see SortedKeys.
 */
export class Keyspace {
  private readonly query: KeyspaceQuery
  private readonly sorted: SortedKeys

  /** Reads all rows up to the revision asked for. Rows that do not decode are reported. */
  constructor(db: BoltDb, findings: Findings, query: KeyspaceQuery) {
    this.query = query
    const byKey = query.order === undefined || query.order === 'key'
    const descending = byKey && query.descending === true
    const limits = byKey ? query.limits : { ...HALF, ...query.limits }
    this.sorted = new SortedKeys({ ...limits, lastOnly: !query.history, descending })
    const payload = new PayloadWriter()
    for (const row of wantedRows(db, findings, query)) {
      this.sorted.add(row.key, payload.write(row))
    }
  }

  /** How many entries there are; once this is known, they can no longer be read. */
  count(): number {
    const records = this.sorted.sort()
    let count = 0
    // A payload begins with 1 for a deletion.
    while (records.next()) {
      if (this.query.history || records.bytes[records.keyEnd] === 0) count += 1
    }
    return count
  }

  /** Each entry is good until the next is read. To be read once. */
  entries(): Iterable<KeyEntry> {
    const { order } = this.query
    return order === undefined || order === 'key' ? this.byKey() : this.byNumber(order)
  }

  close(): void {
    this.sorted.close()
  }

  private *byKey(): Iterable<KeyEntry> {
    const records = this.sorted.sort()
    const entry = new PayloadReader()
    while (records.next()) {
      const { bytes, keyStart, keyEnd, payloadEnd } = records
      entry.read(bytes.subarray(keyStart, keyEnd), bytes, keyEnd, payloadEnd)
      if (this.query.history || !entry.tombstone) yield entry
    }
  }

  /** Sorts once more, by a number in front of the key. */
  private *byNumber(order: Exclude<KeyOrder, 'key'>): Iterable<KeyEntry> {
    const { limits, descending = false } = this.query
    const sorted = new SortedKeys({ ...HALF, ...limits, descending })
    try {
      this.addByNumber(sorted, order)
      this.close()
      const records = sorted.sort()
      const entry = new PayloadReader()
      while (records.next()) {
        const { bytes, keyStart, keyEnd, payloadEnd } = records
        const key = bytes.subarray(keyStart + SORT_PREFIX_BYTES, keyEnd)
        entry.read(key, bytes, keyEnd, payloadEnd)
        yield entry
      }
    } finally {
      sorted.close()
    }
  }

  private addByNumber(sorted: SortedKeys, order: Exclude<KeyOrder, 'key'>): void {
    const records = this.sorted.sort()
    const entry = new PayloadReader()
    let prefixed = new Uint8Array(256)
    while (records.next()) {
      const { bytes, keyStart, keyEnd, payloadEnd } = records
      const length = SORT_PREFIX_BYTES + keyEnd - keyStart
      if (length > prefixed.length) prefixed = new Uint8Array(2 * length)
      prefixed.set(bytes.subarray(keyStart, keyEnd), SORT_PREFIX_BYTES)
      const key = prefixed.subarray(0, length)
      entry.read(key, bytes, keyEnd, payloadEnd)
      if (entry.tombstone && !this.query.history) continue
      sortPrefix(key, sortValue(order, entry))
      sorted.add(key, bytes.subarray(keyEnd, payloadEnd))
    }
  }
}

/**
 * The stored revisions that a query asks for, in their own order and without any state: the way for
 * `--order revision`.
 */
export function* revisionEntries(
  db: BoltDb,
  findings: Findings,
  query: KeyspaceQuery,
): Iterable<KeyEntry> {
  for (const row of wantedRows(db, findings, { ...query, history: true })) {
    yield entryOf(row)
  }
}

/** A server loads no rows of revision 0, and no client can reach a key without a name. */
function* wantedRows(db: BoltDb, findings: Findings, query: KeyspaceQuery): Iterable<RevisionRow> {
  const { history, revision: to } = query
  const range = { ...(history ? {} : { from: 1 }), ...(to === undefined ? {} : { to }) }
  for (const row of revisionRows(db, findings, range)) {
    if (row.key.length === 0 && !history) continue
    if (takesKey(query, row.key)) yield row
  }
}

function entryOf(row: RevisionRow): KeyEntry {
  // Twice as fast as a spread.
  return {
    key: row.key,
    main: row.main,
    sub: row.sub,
    tombstone: row.tombstone,
    createRevision: row.createRevision,
    modRevision: row.modRevision,
    version: row.version,
    lease: row.lease,
    valueBytes: row.value.length,
    valueOffset: row.valueOffset,
    value: row.value,
  }
}
