import type { ValueDamage } from './damage.ts'
import { utf8 } from './utf8.ts'

const QUOTE = 0x22
const BACKSLASH = 0x5c
const COMMA = 0x2c
const COLON = 0x3a
const OPEN_BRACE = 0x7b
const CLOSE_BRACE = 0x7d
const OPEN_BRACKET = 0x5b
const CLOSE_BRACKET = 0x5d

/** Above this many levels the recursion, not the text, would be the problem. Go allows 10000. */
const MAX_DEPTH = 1000

/** No member that anybody asks for has a longer name. */
const LONGEST_NAME = 64

/**
 * Goes over JSON in place and makes values only of what is asked for: an object of a megabyte costs
 * a few short strings. The grammar is checked to the end; the first error ends the reading.
 */
export class JsonReader {
  readonly bytes: Uint8Array
  position = 0
  damage: ValueDamage | undefined
  private depth = 0

  constructor(bytes: Uint8Array) {
    this.bytes = bytes
  }

  /** Ends the reading: only white space may be left. */
  end(): void {
    if (this.peek() !== undefined) this.fail('more after the end')
  }

  isObject(): boolean {
    return this.peek() === OPEN_BRACE
  }

  /** Reads an object; `visit` may read the value of a member, and what it leaves is passed over. */
  object(visit: (name: string) => void): void {
    this.members((name) => {
      const before = this.position
      visit(name)
      if (!this.damage && this.position === before) this.skip()
    }, true)
  }

  /** Reads a string; of any other value undefined, and nothing is read. */
  string(): string | undefined {
    if (this.peek() !== QUOTE) return undefined
    const from = this.position
    this.skipString()
    return this.damage ? undefined : this.unquoted(from, this.position)
  }

  /** Reads an integer of at most 15 digits; of any other value undefined. */
  integer(): number | undefined {
    const first = this.peek()
    const isNumber = first !== undefined && first >= 0x30 && first <= 0x39
    if (!isNumber) return undefined
    const from = this.position
    this.skipNumber()
    const text = utf8(this.bytes, from, this.position) ?? ''
    return /^\d{1,15}$/.test(text) ? Number(text) : undefined
  }

  /** Passes over one value. */
  skip(): void {
    switch (this.peek()) {
      case OPEN_BRACE:
        this.members(() => this.skip(), false)
        break
      case OPEN_BRACKET:
        this.list(OPEN_BRACKET, CLOSE_BRACKET, () => this.skip())
        break
      case QUOTE:
        this.skipString()
        break
      case 0x74:
        this.skipWord('true')
        break
      case 0x66:
        this.skipWord('false')
        break
      case 0x6e:
        this.skipWord('null')
        break
      default:
        this.skipNumber()
    }
  }

  /** Goes over an object; `member` is called in front of each value. */
  private members(member: (name: string) => void, areNamesWanted: boolean): void {
    this.list(OPEN_BRACE, CLOSE_BRACE, () => {
      const name = this.name(areNamesWanted)
      if (!this.take(COLON)) {
        this.fail('not JSON')
        return
      }
      this.peek()
      member(name)
    })
  }

  private list(open: number, close: number, element: () => void): void {
    if (!this.take(open)) {
      this.fail('not JSON')
      return
    }
    if (this.take(close)) return
    this.depth += 1
    if (this.depth > MAX_DEPTH) {
      this.fail(`more than ${MAX_DEPTH} levels`)
      return
    }
    do {
      element()
    } while (!this.damage && this.take(COMMA))
    if (!this.take(close)) this.fail('not JSON')
    this.depth -= 1
  }

  /** A member's name; '' when it is not wanted, or longer than any that is. */
  private name(isWanted: boolean): string {
    const from = this.peek() === QUOTE ? this.position : undefined
    if (from === undefined) {
      this.fail('not JSON')
      return ''
    }
    this.skipString()
    if (!isWanted || this.damage || this.position - from > LONGEST_NAME) return ''
    return this.unquoted(from, this.position) ?? ''
  }

  /** The text of a string between its quotes; undefined when it is not UTF-8. */
  private unquoted(from: number, to: number): string | undefined {
    const text = utf8(this.bytes, from + 1, to - 1)
    if (text === undefined || !text.includes('\\')) return text
    try {
      return JSON.parse(`"${text}"`)
    } catch {
      this.fail('bad escape')
      return undefined
    }
  }

  private skipString(): void {
    const { bytes } = this
    for (let at = this.position + 1; at < bytes.length; at++) {
      const byte = bytes[at] as number
      if (byte === BACKSLASH) {
        at += 1
        if (!isEscape(bytes[at])) {
          this.position = at
          this.fail('bad escape')
          return
        }
      } else if (byte === QUOTE) {
        this.position = at + 1
        return
      } else if (byte < 0x20) {
        this.position = at
        this.fail('control character in a string')
        return
      }
    }
    this.position = bytes.length
    this.fail('ends in a string')
  }

  private skipWord(word: string): void {
    const fits = [...word].every((letter, index) => {
      return this.bytes[this.position + index] === letter.charCodeAt(0)
    })
    if (!fits) {
      this.fail('not JSON')
      return
    }
    this.position += word.length
  }

  private skipNumber(): void {
    const from = this.position
    while (isNumberByte(this.bytes[this.position])) this.position += 1
    const text = utf8(this.bytes, from, this.position) ?? ''
    if (NUMBER.test(text)) return
    this.position = from
    this.fail('not JSON')
  }

  private take(byte: number): boolean {
    if (this.damage || this.peek() !== byte) return false
    this.position += 1
    return true
  }

  /** The next byte that is no white space. */
  private peek(): number | undefined {
    const { bytes } = this
    for (;;) {
      const byte = bytes[this.position]
      if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return byte
      this.position += 1
    }
  }

  private fail(reason: string): void {
    const isEnd = this.position >= this.bytes.length
    this.damage ??= { at: this.position, reason: isEnd ? 'cut short' : reason }
  }
}

const NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/

/** What may follow a backslash. */
function isEscape(byte: number | undefined): boolean {
  return byte !== undefined && '"\\/bfnrtu'.includes(String.fromCharCode(byte))
}

/** Digits, `+`, `-`, `.`, `e` and `E`. */
function isNumberByte(byte: number | undefined): boolean {
  if (byte === undefined) return false
  if (byte >= 0x30 && byte <= 0x39) return true
  return byte === 0x2b || byte === 0x2d || byte === 0x2e || byte === 0x45 || byte === 0x65
}
