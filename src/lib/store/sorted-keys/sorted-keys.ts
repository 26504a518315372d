import { Merge } from './merge.ts'
import { Run, type SortedRecords } from './run.ts'
import { MOST_RECORDS } from './sort.ts'
import { Spill } from './spill.ts'
import { SpilledRun } from './spilled-run.ts'

/** What `SortedKeys` may use, and what it makes of equal keys. */
export interface SortedKeysOptions {
  /** Keep only the record that was added last of each key. */
  readonly lastOnly?: boolean
  readonly descending?: boolean
  /** Bytes of records held in memory; the rest goes to a temporary file. */
  readonly memory?: number
  /** Records held in memory, for each of which there are 20 bytes more. */
  readonly records?: number
}

const MEMORY = 24 * 1024 * 1024
const RECORDS = 384 * 1024

/** Merging goes over the runs in so large pieces at least; that is memory for 2000 runs. */
const LEAST_PIECE = 16 * 1024

/**
 * Sorts any number of records by their keys, in byte order, in bounded memory: sorted runs go to a
 * temporary file that has no name, and are merged. Records with equal keys keep the order in which
 * they were added. Keys are compared byte by byte, never by a hash alone.
 *
 * A record is a key and a payload, which is bytes that only the caller understands. All are added
 * first, then `sort` gives them back. What the operating system refuses is thrown.
 */
export class SortedKeys {
  private readonly options: Required<SortedKeysOptions>
  private run: Run
  private readonly spilled: SpilledRun[] = []
  private spill: Spill | undefined

  constructor({
    lastOnly = false,
    descending = false,
    memory = MEMORY,
    records = RECORDS,
  }: SortedKeysOptions = {}) {
    this.options = { lastOnly, descending, memory, records: Math.min(records, MOST_RECORDS) }
    this.run = new Run(this.options.records, memory)
  }

  add(key: Uint8Array, payload: Uint8Array): void {
    const bytes = key.length + payload.length
    if (!this.run.hasRoom(bytes)) this.spillRun()
    this.run.add(key, payload)
  }

  /** What was added, in order; nothing can be added any more. */
  sort(): SortedRecords {
    if (this.spilled.length === 0) {
      this.sortRun()
      return this.run
    }
    this.spillRun()
    const share = Math.max(LEAST_PIECE, Math.floor(this.options.memory / this.spilled.length))
    const memory = this.run.takeMemory(share * this.spilled.length)
    for (const [at, run] of this.spilled.entries()) {
      run.open(memory.subarray(at * share, (at + 1) * share))
    }
    return new Merge(this.spilled, this.options)
  }

  /** Gives memory and the temporary file back; the records can no longer be read. */
  close(): void {
    this.spill?.close()
    this.spill = undefined
    this.run = new Run(0, 0)
    this.spilled.length = 0
  }

  private sortRun(): void {
    this.run.sort(this.options.descending, this.options.lastOnly)
  }

  private spillRun(): void {
    this.sortRun()
    this.spill ??= new Spill()
    this.spilled.push(SpilledRun.write(this.run, this.spill))
    this.run.clear()
  }
}
