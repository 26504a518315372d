import { type Uint64, uint64FromHalves } from '../proto/uint64.ts'
import type { ValueDamage } from './damage.ts'
import { utf8 } from './utf8.ts'

/** Major types of RFC 8949. */
export const MAJOR = {
  unsigned: 0,
  negative: 1,
  bytes: 2,
  text: 3,
  array: 4,
  map: 5,
  tag: 6,
  simple: 7,
} as const

/** Above this many levels the recursion, not the bytes, would be the problem. Kubernetes allows 10000. */
const MAX_DEPTH = 1000

/**
 * Goes over CBOR in place, item by item. As in all that an apiserver writes, lengths are definite;
 * its strings are byte strings.
 *
 * pkg/runtime/serializer/cbor/internal/modes of k8s.io/apimachinery @ v0.37.2.
 */
export class CborReader {
  readonly bytes: Uint8Array
  position: number
  damage: ValueDamage | undefined
  /** The head that `head` read. */
  major = 0
  argument: Uint64 = 0
  /** The five bits after the major type: of a simple value, which it is. */
  info = 0
  private depth = 0

  constructor(bytes: Uint8Array, position: number) {
    this.bytes = bytes
    this.position = position
  }

  /** Reads the head of the next item. */
  head(): boolean {
    if (this.damage) return false
    const at = this.position
    const first = this.bytes[at]
    if (first === undefined) return this.fail('cut short')
    this.major = first >> 5
    this.info = first & 0x1f
    const length = this.info < 24 ? 0 : 1 << (this.info - 24)
    if (this.info > 27) return this.fail(`additional information ${this.info}`)
    if (at + 1 + length > this.bytes.length) return this.fail('cut short')
    this.argument = length === 0 ? this.info : this.bigEndian(at + 1, length)
    this.position = at + 1 + length
    return true
  }

  /** Reads the next item if it is a map; `visit` reads or skips the value of each member. */
  members(visit: (name: string) => void): boolean {
    return this.container(MAJOR.map, () => {
      const name = this.string()
      if (name === undefined) this.fail('a name that is no string')
      else visit(name)
    })
  }

  /** Reads the next item if it is an array; `visit` reads or skips each element. */
  elements(visit: () => void): boolean {
    return this.container(MAJOR.array, visit)
  }

  /** Reads the next item if it is a string, of either type; nothing is read of another. */
  string(): string | undefined {
    const before = this.position
    if (!this.head()) return undefined
    if (this.major !== MAJOR.bytes && this.major !== MAJOR.text) {
      this.position = before
      return undefined
    }
    if (this.content() === undefined) return undefined
    const to = this.position
    const text = utf8(this.bytes, to - (this.argument as number), to)
    if (text === undefined) this.fail('a string that is not UTF-8')
    return text
  }

  /** The bytes of the string whose head was read. */
  content(): Uint8Array | undefined {
    const left = this.bytes.length - this.position
    if (this.argument > left) {
      this.fail('cut short')
      return undefined
    }
    const from = this.position
    this.position += this.argument as number
    return this.bytes.subarray(from, this.position)
  }

  /** Passes over one item. */
  skip(): void {
    const before = this.position
    if (!this.head()) return
    if (this.major === MAJOR.bytes || this.major === MAJOR.text) this.content()
    else if (this.major === MAJOR.tag) this.nested(() => this.skip())
    else if (this.major === MAJOR.array || this.major === MAJOR.map) {
      this.position = before
      if (this.major === MAJOR.map) this.members(() => this.skip())
      else this.elements(() => this.skip())
    }
  }

  /** Ends the reading: nothing may be left. */
  end(): void {
    if (this.position < this.bytes.length) this.fail('more after the end')
  }

  /** Runs `read` a level deeper. */
  nested(read: () => void): void {
    this.depth += 1
    if (this.depth > MAX_DEPTH) this.fail(`more than ${MAX_DEPTH} levels`)
    else read()
    this.depth -= 1
  }

  fail(reason: string): false {
    this.damage ??= { at: this.position, reason }
    return false
  }

  private container(major: number, visit: () => void): boolean {
    const before = this.position
    if (!this.head()) return false
    if (this.major !== major) {
      this.position = before
      return false
    }
    const count = this.argument
    this.nested(() => {
      // Every element takes a byte at least: what a head claims beyond that ends in damage.
      for (let i = 0; i < count && !this.damage; i++) visit()
    })
    return true
  }

  private bigEndian(at: number, length: number): Uint64 {
    const word = (from: number, to: number) => {
      let value = 0
      for (let i = from; i < to; i++) value = value * 256 + (this.bytes[i] as number)
      return value
    }
    return length < 8
      ? word(at, at + length)
      : uint64FromHalves(word(at, at + 4), word(at + 4, at + 8))
  }
}
