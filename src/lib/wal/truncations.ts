import type { Uint64 } from '../proto/uint64.ts'

/**
 * Where a log goes back to an index it had already reached. An entry is overwritten when a later
 * place of the log goes back to its index or a lower one.
 */
export class Truncations {
  private readonly ordinals: number[] = []
  private readonly lowest: Uint64[] = []
  private highest: Uint64 | undefined
  private cursor = 0

  /**
   * Takes note of an entry, in the order of the log.
   *
   * @param ordinal its position among all entries of the log
   */
  add(ordinal: number, index: Uint64): void {
    if (this.highest === undefined || index > this.highest) {
      this.highest = index
      return
    }
    this.highest = index
    // One that goes back as far or further takes the place of those before it.
    while ((this.lowest.at(-1) ?? -1) >= index) {
      this.lowest.pop()
      this.ordinals.pop()
    }
    this.ordinals.push(ordinal)
    this.lowest.push(index)
  }

  /** Takes note of entries that continued the log up to `index`. */
  extend(index: Uint64): void {
    this.highest = index
  }

  /** Whether a later place of the log voids this entry. To be asked in the order of the log. */
  voids(ordinal: number, index: Uint64): boolean {
    while ((this.ordinals[this.cursor] ?? Number.POSITIVE_INFINITY) <= ordinal) this.cursor += 1
    const lowest = this.lowest[this.cursor]
    return lowest !== undefined && index >= lowest
  }

  /** Starts the asking over. */
  rewind(): void {
    this.cursor = 0
  }
}
