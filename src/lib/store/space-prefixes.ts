import type { SpaceGroup } from './space-top.ts'
import { Tally, type Usage } from './space-usage.ts'

/** How to cut keys into prefixes. */
export interface PrefixOptions {
  /** So many separators, but for one that a key begins with. */
  readonly depth: number
  /** One byte or more. */
  readonly separator: Uint8Array
}

/**
 * Groups keys by what stands up to and with the last of their first so many separators; a key that
 * has fewer counts for what it has. Keys come in their order, so that a prefix is complete as soon as
 * a key without it comes: there are never more open than the depth says.
 */
export class PrefixGroups {
  private readonly options: PrefixOptions
  private readonly take: (group: SpaceGroup) => void
  /** The last key, up to its last separator that counts. */
  private path: Uint8Array = new Uint8Array(0)
  /** Prefixes of it that are open: where each ends. The first is the empty one. */
  private ends: number[] = [0]
  private usages: Tally[] = [new Tally()]

  constructor(options: PrefixOptions, take: (group: SpaceGroup) => void) {
    this.options = options
    this.take = take
  }

  /** @param key in byte order behind all that came before */
  add(key: Uint8Array, usage: Usage): void {
    const ends = this.endsIn(key)
    const shared = this.sharedWith(key, ends)
    this.close(shared)
    if (ends.length > shared) {
      this.path = Uint8Array.from(key.subarray(0, ends.at(-1)))
      for (const end of ends.slice(shared)) {
        this.ends.push(end)
        this.usages.push(new Tally())
      }
    }
    this.usages.at(-1)?.add(usage)
  }

  /** Hands out what is still open. */
  finish(): void {
    this.close(0)
  }

  /** Where the key's prefixes end, the empty one first. */
  private endsIn(key: Uint8Array): number[] {
    const { depth, separator } = this.options
    const ends = [0]
    for (let at = 0; ends.length <= depth; ) {
      const found = indexOf(key, separator, at)
      if (found < 0) break
      at = found + separator.length
      // A separator at the beginning opens a level, and is none.
      if (found > 0) ends.push(at)
    }
    return ends
  }

  /** How many open prefixes the key has too. */
  private sharedWith(key: Uint8Array, ends: readonly number[]): number {
    let shared = 1
    let at = 0
    while (shared < ends.length && ends[shared] === this.ends[shared]) {
      const end = ends[shared] as number
      while (at < end && key[at] === this.path[at]) at += 1
      if (at < end) break
      shared += 1
    }
    return shared
  }

  private close(open: number): void {
    while (this.ends.length > open) {
      const end = this.ends.pop() as number
      const usage = this.usages.pop() as Tally
      if (usage.live.keys + usage.history.records > 0) {
        this.take({ name: this.path.subarray(0, end), usage })
      }
    }
  }
}

function indexOf(key: Uint8Array, separator: Uint8Array, from: number): number {
  if (separator.length === 1) return key.indexOf(separator[0] as number, from)
  return Buffer.from(key.buffer, key.byteOffset, key.length).indexOf(separator, from)
}
