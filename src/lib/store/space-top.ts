import { type SpaceOrder, sizeIn, Tally, type Usage } from './space-usage.ts'

/** A group, and what its keys take up. */
export interface SpaceGroup {
  /** A prefix or key; text for a kind or namespace. Absent for keys that belong to none. */
  readonly name?: Uint8Array | string
  readonly usage: Usage
}

/** Keeps the largest of any number of groups, and what the others come to. */
export class TopGroups {
  /** Groups that were left out. */
  readonly rest = { groups: 0, usage: new Tally() }
  private readonly most: number
  private readonly order: SpaceOrder
  /** A heap: the smallest that is kept is on top. */
  private readonly heap: Ranked[] = []
  private added = 0

  constructor(most: number, order: SpaceOrder) {
    this.most = most
    this.order = order
  }

  /** Takes a group that is complete; a name in memory that is used again is copied. */
  add({ name, usage }: SpaceGroup): void {
    const size = sizeIn(this.order, usage)
    const least = this.heap[0]
    if (this.heap.length >= this.most && (least === undefined || size <= least.size)) {
      this.leaveOut(usage)
      return
    }
    const own = name instanceof Uint8Array ? Uint8Array.from(name) : name
    const group = own === undefined ? { usage } : { name: own, usage }
    const ranked = { group, size, number: this.added++ }
    if (this.heap.length < this.most) {
      this.heap.push(ranked)
      this.rise(this.heap.length - 1)
      return
    }
    this.leaveOut((least as Ranked).group.usage)
    this.heap[0] = ranked
    this.sink()
  }

  /** The largest first; of equal ones the first that was added. */
  groups(): readonly SpaceGroup[] {
    return [...this.heap]
      .sort((a, b) => b.size - a.size || a.number - b.number)
      .map(({ group }) => group)
  }

  private leaveOut(usage: Usage): void {
    this.rest.groups += 1
    this.rest.usage.add(usage)
  }

  private rise(from: number): void {
    const { heap } = this
    let at = from
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (!isSmaller(heap[at] as Ranked, heap[parent] as Ranked)) return
      this.swap(at, parent)
      at = parent
    }
  }

  private sink(): void {
    const { heap } = this
    for (let at = 0; ; ) {
      let child = 2 * at + 1
      if (child >= heap.length) return
      const right = heap[child + 1]
      if (right && isSmaller(right, heap[child] as Ranked)) child += 1
      if (!isSmaller(heap[child] as Ranked, heap[at] as Ranked)) return
      this.swap(at, child)
      at = child
    }
  }

  private swap(a: number, b: number): void {
    const { heap } = this
    const held = heap[a] as Ranked
    heap[a] = heap[b] as Ranked
    heap[b] = held
  }
}

interface Ranked {
  readonly group: SpaceGroup
  readonly size: number
  readonly number: number
}

/** Of equal ones the last that was added goes first. */
function isSmaller(a: Ranked, b: Ranked): boolean {
  return a.size < b.size || (a.size === b.size && a.number > b.number)
}
