import { compareKeys } from './compare.ts'
import type { SortedRecords } from './run.ts'

/** How runs are brought together. */
export interface MergeOrder {
  readonly descending: boolean
  /** Whether of equal keys only the one added last is kept. */
  readonly lastOnly: boolean
}

/** Many sorted runs as one, in which equal keys stand in the order in which they were added. */
export class Merge implements SortedRecords {
  private readonly order: MergeOrder
  /** A heap: the run whose record comes first is on top. */
  private readonly heap: Entry[] = []
  private isFirst = true

  /** @param runs in the order in which they were added */
  constructor(runs: readonly SortedRecords[], order: MergeOrder) {
    this.order = order
    for (const [age, run] of runs.entries()) {
      if (run.next()) this.heap.push({ run, age })
    }
    for (let at = this.heap.length >> 1; at >= 0; at--) this.sink(at)
  }

  get bytes(): Uint8Array {
    return this.top.run.bytes
  }

  get keyStart(): number {
    return this.top.run.keyStart
  }

  get keyEnd(): number {
    return this.top.run.keyEnd
  }

  get payloadEnd(): number {
    return this.top.run.payloadEnd
  }

  next(): boolean {
    if (this.isFirst) this.isFirst = false
    else if (this.heap.length > 0) {
      if (this.order.lastOnly) this.dropOlder()
      this.advance(0)
    }
    return this.heap.length > 0
  }

  private get top(): Entry {
    return this.heap[0] as Entry
  }

  /** Passes over the records of the same key in other runs: the newest of them is on top. */
  private dropOlder(): void {
    for (let at = 1; at <= 2; ) {
      const child = this.heap[at]
      if (child !== undefined && compareRuns(this.top.run, child.run) === 0) this.advance(at)
      else at += 1
    }
  }

  /** Reads on in the run at a place of the heap. */
  private advance(at: number): void {
    const { heap } = this
    if (!(heap[at] as Entry).run.next()) {
      const last = heap.pop() as Entry
      if (at === heap.length) return
      heap[at] = last
    }
    this.sink(at)
  }

  private sink(from: number): void {
    const { heap } = this
    const entry = heap[from]
    if (entry === undefined) return
    let at = from
    for (;;) {
      let child = 2 * at + 1
      const [left, right] = [heap[child], heap[child + 1]]
      if (left === undefined) break
      if (right !== undefined && this.isBefore(right, left)) child += 1
      const best = heap[child] as Entry
      if (!this.isBefore(best, entry)) break
      heap[at] = best
      at = child
    }
    heap[at] = entry
  }

  private isBefore(a: Entry, b: Entry): boolean {
    const { descending, lastOnly } = this.order
    const compared = compareRuns(a.run, b.run)
    if (compared !== 0) return compared < 0 !== descending
    return a.age < b.age !== (descending || lastOnly)
  }
}

interface Entry {
  readonly run: SortedRecords
  readonly age: number
}

function compareRuns(a: SortedRecords, b: SortedRecords): number {
  return compareKeys(a.bytes, a.keyStart, a.keyEnd, b.bytes, b.keyStart, b.keyEnd)
}
