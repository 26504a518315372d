import type { BoltDb } from '../bolt/bolt-db.ts'
import type { Findings } from '../findings/findings.ts'
import type { Source } from '../io/source.ts'
import { Cursor } from '../proto/cursor.ts'
import { type KeyspaceBounds, readKeyspaceBounds } from './keyspace-bounds.ts'
import type { RevisionRow } from './revision-row.ts'
import { revisionRows } from './revision-rows.ts'
import { SortedKeys, type SortedKeysOptions } from './sorted-keys/sorted-keys.ts'
import { KubernetesLabels } from './space-labels.ts'
import { Packing } from './space-packing.ts'
import { type PageUse, readPageUse } from './space-pages.ts'
import { PrefixGroups, type PrefixOptions } from './space-prefixes.ts'
import { type SpaceGroup, TopGroups } from './space-top.ts'
import { type SpaceOrder, Tally, type Usage } from './space-usage.ts'
import { readSteadily } from './steadily.ts'
import { VarintWriter } from './varint-writer.ts'

/** What keys can be grouped by. */
export type SpaceBy = 'prefix' | 'kind' | 'namespace' | 'key'

export const SPACE_BY: readonly SpaceBy[] = ['prefix', 'kind', 'namespace', 'key']

export interface SpaceOptions extends PrefixOptions {
  readonly by: SpaceBy
  /** So many groups. */
  readonly top: number
  readonly order: SpaceOrder
  /** What the sorter may use: for tests. */
  readonly limits?: Pick<SortedKeysOptions, 'memory' | 'records'>
}

/** What takes up the space of a db. */
export interface Space {
  readonly bounds: KeyspaceBounds
  readonly fileBytes: number
  readonly pageSize: number
  readonly pages: PageUse
  /** Of all keys. */
  readonly usage: Usage
  /** Deletions among the history. */
  readonly tombstones: number
  readonly reclaim: Reclaim
  readonly groups: readonly SpaceGroup[]
  /** Groups that are not among them. */
  readonly rest: { readonly groups: number; readonly usage: Usage }
}

/** What maintenance would give back. */
export interface Reclaim {
  /** Rows that a compaction at the current revision removes; their pages become free. */
  readonly compaction: { readonly records: number; readonly bytes: number }
  /** Estimated bytes of the file, up to its high-water mark, after a defragmentation as it is. */
  readonly defragmented: number
  /** The same after a compaction at the current revision. */
  readonly compactedAndDefragmented: number
}

/**
 * Finds out what takes up the space of a db. Memory is bounded: rows go through SortedKeys, groups
 * through a heap.
 *
 * @returns undefined, and a finding, when no meta page is valid
 * @throws NodeJS.ErrnoException, NoRoomError
 */
export function readSpace(
  source: Source,
  findings: Findings,
  options: SpaceOptions,
): Space | undefined {
  const read = (db: BoltDb, own: Findings): Space | undefined => {
    if (db.meta === undefined) return undefined
    const reading = new SpaceReading(db, own, options)
    try {
      return reading.run()
    } finally {
      reading.close()
    }
  }
  return readSteadily(source, findings, read, () => {})
}

/** Further kinds or namespaces count for none. */
const MOST_GROUPS = 100_000

class SpaceReading {
  private readonly db: BoltDb
  private readonly findings: Findings
  private readonly options: SpaceOptions
  private readonly bounds: KeyspaceBounds
  private readonly sorted: SortedKeys
  private readonly labels: KubernetesLabels | undefined
  private readonly allRows: Packing
  private readonly liveRows: Packing
  private readonly usage = new Tally()
  private tombstones = 0
  /** Deletions at the current revision: a compaction there keeps them. */
  private readonly kept = new Tally()

  constructor(db: BoltDb, findings: Findings, options: SpaceOptions) {
    this.db = db
    this.findings = findings
    this.options = options
    const { by, limits = {} } = options
    this.bounds = readKeyspaceBounds(db, findings)
    this.sorted = new SortedKeys(limits)
    this.labels = by === 'kind' || by === 'namespace' ? new KubernetesLabels(by) : undefined
    this.allRows = new Packing(db.reader.pageSize)
    this.liveRows = new Packing(db.reader.pageSize)
  }

  run(): Space {
    const { db, usage, options } = this
    const payload = new PayloadWriter()
    for (const row of revisionRows(db, this.findings)) {
      this.addRow(row)
      this.sorted.add(row.key, payload.write(row, this.labels?.numberOf(row) ?? 0))
    }
    const top = new TopGroups(options.top, options.order)
    this.group((group) => top.add(group))
    const pages = readPageUse(db)
    const { pageSize } = db.reader
    return {
      bounds: this.bounds,
      fileBytes: db.source.size,
      pageSize,
      pages,
      usage,
      tombstones: this.tombstones,
      reclaim: {
        compaction: {
          records: usage.history.records - this.kept.history.records,
          bytes: usage.history.bytes - this.kept.history.bytes,
        },
        defragmented: this.allRows.pages(pages.others) * pageSize,
        compactedAndDefragmented: this.liveRows.pages(pages.others) * pageSize,
      },
      groups: top.groups(),
      rest: top.rest,
    }
  }

  close(): void {
    this.sorted.close()
  }

  private addRow({ main, tombstone, bytes }: RevisionRow): void {
    this.allRows.add(bytes)
    if (!tombstone) return
    this.tombstones += 1
    if (main !== this.bounds.revision) return
    this.kept.addHistory(1, bytes)
    this.liveRows.add(bytes)
  }

  private group(take: (group: SpaceGroup) => void): void {
    const { labels, options } = this
    if (labels) this.byLabel(labels, take)
    else if (options.by === 'key') this.eachKey((name, usage) => take({ name, usage }))
    else {
      const prefixes = new PrefixGroups(options, take)
      this.eachKey((key, usage) => prefixes.add(key, usage))
      prefixes.finish()
    }
  }

  private byLabel(labels: KubernetesLabels, take: (group: SpaceGroup) => void): void {
    const groups = new Map<string | undefined, Tally>()
    this.eachKey((key, usage, number) => {
      const found = labels.labelOf(number, key)
      const label = groups.size < MOST_GROUPS || groups.has(found) ? found : undefined
      const tally = groups.get(label) ?? new Tally()
      groups.set(label, tally)
      tally.add(usage)
    })
    for (const [name, usage] of groups) take(name === undefined ? { usage } : { name, usage })
  }

  /** @param take gets each key once, in order, with the number of its label */
  private eachKey(take: (key: Uint8Array, usage: Usage, label: number) => void): void {
    const records = this.sorted.sort()
    const state = new KeyState()
    let key = new Uint8Array(0)
    let isFirst = true
    const finish = (): void => {
      if (isFirst) return
      const usage = state.finish()
      this.usage.add(usage)
      if (usage.live.keys > 0) this.liveRows.add(usage.live.bytes)
      take(key, usage, state.label)
    }
    while (records.next()) {
      const { bytes, keyStart, keyEnd, payloadEnd } = records
      if (isFirst || !isSame(key, bytes, keyStart, keyEnd)) {
        finish()
        isFirst = false
        key = bytes.slice(keyStart, keyEnd)
        state.reset()
      }
      state.add(bytes, keyEnd, payloadEnd)
    }
    finish()
  }
}

/** What is known of a key while its rows come, the oldest first. */
class KeyState {
  label = 0
  private readonly cursor = new Cursor()
  private rows = 0
  private bytes = 0
  private last = { tombstone: true, bytes: 0, version: 0 }

  reset(): void {
    this.label = 0
    this.rows = 0
    this.bytes = 0
  }

  add(payload: Uint8Array, start: number, end: number): void {
    const { cursor } = this
    cursor.reset(payload, start, end)
    const tombstone = cursor.uint64() === 1
    const bytes = Number(cursor.uint64())
    const label = Number(cursor.uint64())
    this.last = { tombstone, bytes, version: tombstone ? 0 : Number(cursor.uint64()) }
    this.rows += 1
    this.bytes += bytes
    if (label > 0) this.label = label
  }

  finish(): Usage {
    const { tombstone, bytes, version } = this.last
    const usage = new Tally()
    if (!tombstone) usage.addLive(bytes, version)
    const live = tombstone ? { rows: 0, bytes: 0 } : { rows: 1, bytes }
    usage.addHistory(this.rows - live.rows, this.bytes - live.bytes)
    return usage
  }
}

class PayloadWriter {
  private readonly varints = new VarintWriter()

  write({ tombstone, bytes, version }: RevisionRow, label: number): Uint8Array {
    const { varints } = this
    varints.reset()
    varints.write(tombstone ? 1 : 0)
    varints.write(bytes)
    varints.write(label)
    if (!tombstone) varints.write(version < 0 ? 0 : version)
    return varints.written()
  }
}

function isSame(key: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  if (key.length !== end - start) return false
  for (let at = 0; at < key.length; at++) {
    if (key[at] !== bytes[start + at]) return false
  }
  return true
}
