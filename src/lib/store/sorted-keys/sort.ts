/** Above so many records a word and a record's number no longer fit a double's 53 bits together. */
export const MOST_RECORDS = 2 ** 21

/** Fewer records are sorted by insertion. */
const FEW = 16

/**
 * Sorts records by their keys, in byte order; those with equal keys stay in their order.
 *
 * Four bytes of the keys at a time: with the record's number below them they make a double, and
 * doubles are what the engine sorts natively. The worst case is within a factor of the keys' bytes.
 *
 * @param starts where the keys begin in `bytes`
 * @returns the records' numbers
 */
export function sortRecords(
  bytes: Uint8Array,
  starts: Uint32Array,
  lengths: Uint32Array,
  count: number,
): Uint32Array {
  return new Sort(bytes, starts, lengths, count).run()
}

class Sort {
  private readonly bytes: Uint8Array
  private readonly starts: Uint32Array
  private readonly lengths: Uint32Array
  private readonly order: Uint32Array
  private readonly packed: Float64Array
  /** Ranges still to be sorted: begin, end, and how many bytes of their keys are known as equal. */
  private readonly todo: number[] = []

  constructor(bytes: Uint8Array, starts: Uint32Array, lengths: Uint32Array, count: number) {
    this.bytes = bytes
    this.starts = starts
    this.lengths = lengths
    this.order = Uint32Array.from({ length: count }, (_, record) => record)
    this.packed = new Float64Array(count)
  }

  run(): Uint32Array {
    const { todo } = this
    this.enqueue(0, this.order.length, 0)
    while (todo.length > 0) {
      const depth = todo.pop() as number
      const end = todo.pop() as number
      this.sortByWord(todo.pop() as number, end, depth)
    }
    return this.order
  }

  private enqueue(begin: number, end: number, depth: number): void {
    if (end - begin <= FEW) this.sortFew(begin, end, depth)
    else this.todo.push(begin, end, depth)
  }

  private sortByWord(begin: number, end: number, known: number): void {
    const { order, packed } = this
    const depth = this.commonPrefix(begin, end, known)
    for (let at = begin; at < end; at++) {
      const record = order[at] as number
      packed[at] = this.wordAt(record, depth) * MOST_RECORDS + record
    }
    packed.subarray(begin, end).sort()
    let groupBegin = begin
    let groupWord = -1
    for (let at = begin; at < end; at++) {
      const word = Math.floor((packed[at] as number) / MOST_RECORDS)
      order[at] = (packed[at] as number) - word * MOST_RECORDS
      if (word === groupWord) continue
      if (at - groupBegin > 1) this.splitGroup(groupBegin, at, depth + 4)
      groupBegin = at
      groupWord = word
    }
    if (end - groupBegin > 1) this.splitGroup(groupBegin, end, depth + 4)
  }

  /**
   * Of keys that are equal up to `depth`, as if zeros followed them, those that end there come
   * first: they are prefixes of the others.
   */
  private splitGroup(begin: number, end: number, depth: number): void {
    const { order, packed, lengths } = this
    let shortest = depth + 1
    for (let at = begin; at < end; at++) {
      shortest = Math.min(shortest, lengths[order[at] as number] as number)
    }
    let ended = begin
    for (let length = shortest; length <= depth; length++) {
      let goOn = 0
      for (let at = ended; at < end; at++) {
        const record = order[at] as number
        if (lengths[record] === length) order[ended++] = record
        else packed[begin + goOn++] = record
      }
      for (let at = 0; at < goOn; at++) order[ended + at] = packed[begin + at] as number
      if (goOn === 0) return
    }
    this.enqueue(ended, end, depth)
  }

  /** How many bytes all keys of a range have in common. */
  private commonPrefix(begin: number, end: number, known: number): number {
    const { bytes, order, starts, lengths } = this
    const first = starts[order[begin] as number] as number
    let common = lengths[order[begin] as number] as number
    for (let at = begin + 1; at < end && common > known; at++) {
      const record = order[at] as number
      const start = starts[record] as number
      const most = Math.min(common, lengths[record] as number)
      let same = known
      while (same < most && bytes[first + same] === bytes[start + same]) same += 1
      common = same
    }
    return common
  }

  /** Four bytes of a key, zeros behind its end. */
  private wordAt(record: number, depth: number): number {
    const { bytes } = this
    const at = (this.starts[record] as number) + depth
    const left = (this.lengths[record] as number) - depth
    if (left >= 4) {
      const high = ((bytes[at] as number) << 8) | (bytes[at + 1] as number)
      const low = ((bytes[at + 2] as number) << 8) | (bytes[at + 3] as number)
      return high * 0x1_0000 + low
    }
    let word = 0
    for (let byte = 0; byte < 4; byte++) {
      word = word * 0x100 + (byte < left ? (bytes[at + byte] as number) : 0)
    }
    return word
  }

  private sortFew(begin: number, end: number, known: number): void {
    const { order } = this
    for (let at = begin + 1; at < end; at++) {
      const record = order[at] as number
      let to = at
      while (to > begin && this.isBelow(record, order[to - 1] as number, known)) {
        order[to] = order[to - 1] as number
        to -= 1
      }
      order[to] = record
    }
  }

  private isBelow(a: number, b: number, known: number): boolean {
    const { bytes, starts, lengths } = this
    const startA = starts[a] as number
    const startB = starts[b] as number
    const lengthA = lengths[a] as number
    const most = Math.min(lengthA, lengths[b] as number)
    for (let at = known; at < most; at++) {
      const difference = (bytes[startA + at] as number) - (bytes[startB + at] as number)
      if (difference !== 0) return difference < 0
    }
    return lengthA < (lengths[b] as number)
  }
}
