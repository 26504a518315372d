import { difference, plusOne, type Uint64 } from '../proto/uint64.ts'

/** Entries first..last without a gap. */
export interface IndexRun {
  readonly first: Uint64
  last: Uint64
}

/** More runs than a log of etcd's ever has; beyond, the oldest are forgotten to bound memory. */
const MOST_RUNS = 4096

/**
 * Which indexes of a log are in effect: of entries with the same index the last one written counts,
 * and it voids every entry of a higher index before it.
 *
 * Source: ReadAll in server/storage/wal/wal.go @ v3.6.14.
 */
export class IndexRuns {
  readonly runs: IndexRun[] = []
  /** How many entries were voided. */
  overwritten: Uint64 = 0

  /** The highest index in effect; undefined for an empty log. */
  get last(): Uint64 | undefined {
    return this.runs.at(-1)?.last
  }

  /** Adds an entry; false when it neither continues the log nor overwrites part of it: a gap. */
  add(index: Uint64): boolean {
    const run = this.runs.at(-1)
    if (run === undefined) {
      this.runs.push({ first: index, last: index })
      return true
    }
    if (index === plusOne(run.last)) {
      run.last = index
      return true
    }
    if (index > run.last) {
      this.runs.push({ first: index, last: index })
      if (this.runs.length > MOST_RUNS) this.runs.shift()
      return false
    }
    this.voidFrom(index)
    this.add(index)
    return true
  }

  /** Adds so many entries behind the last one, each continuing the log. */
  extend(count: number): void {
    const run = this.runs.at(-1)
    if (run) run.last = sum(run.last, count)
  }

  private voidFrom(index: Uint64): void {
    for (let run = this.runs.at(-1); run && run.last >= index; run = this.runs.at(-1)) {
      const from = run.first > index ? run.first : index
      this.overwritten = sum(this.overwritten, plusOne(difference(run.last, from)))
      if (from === run.first) this.runs.pop()
      else run.last = difference(from, 1)
    }
  }
}

function sum(a: Uint64, b: Uint64): Uint64 {
  return difference(a, difference(0, b))
}
