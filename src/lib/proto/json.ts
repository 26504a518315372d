import { canonical } from './uint64.ts'

export type JsonValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | JsonValue[]
  | { [key: string]: JsonValue }

export type ParsedJson =
  | { readonly ok: true; readonly value: JsonValue }
  /** `at`: offset where the text stops being JSON, in bytes of UTF-8. */
  | { readonly ok: false; readonly at: number; readonly reason: string }

// Above this many levels the recursion, not the text, would be the problem. Go allows 10000.
const MAX_DEPTH = 2000

/** V8's longest string; JSON beyond half a gigabyte is not parsed. */
const MAX_BYTES = 0x1fff_ffe8

/**
 * Parses JSON without rounding: an integer beyond 2^53 - 1 becomes a bigint, every smaller one and
 * every other number a number (the form of `Uint64`). Member ids in etcd's JSON use all 64 bits:
 * ConfChange contexts, the members bucket, the confState row.
 *
 * Bytes that are not UTF-8 become U+FFFD, as Go's encoding/json has it. Never throws for bad text.
 */
export function parseJson(input: string | Uint8Array): ParsedJson {
  if (input.length > MAX_BYTES) return { ok: false, at: MAX_BYTES, reason: 'too long to parse' }
  const text = typeof input === 'string' ? input : utf8.decode(input)
  // The native parser is ten times as fast, and exact as long as no integer is this long.
  if (!/\d{16}/.test(text) && !isNestedDeeper(text, MAX_DEPTH)) {
    try {
      return { ok: true, value: JSON.parse(text) }
    } catch {
      // Ours, below, says where.
    }
  }
  const parser = new Parser(text)
  try {
    return { ok: true, value: parser.document() }
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    const at = Buffer.byteLength(text.slice(0, parser.position))
    return { ok: false, at, reason: error.message }
  }
}

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true })

/** The native parser has no limit but memory, and whoever walks over what it gives would need one. */
function isNestedDeeper(text: string, levels: number): boolean {
  if (text.length <= levels) return false
  let depth = 0
  let quoted = false
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === 0x22) quoted = !quoted
    else if (quoted && code === 0x5c) at += 1
    else if (quoted) continue
    else if (code === 0x5b || code === 0x7b) depth += 1
    else if (code === 0x5d || code === 0x7d) depth -= 1
    if (depth > levels) return true
  }
  return false
}

/** Recursive descent over RFC 8259. Throws SyntaxError with `position` at the offending character. */
class Parser {
  position = 0
  private readonly text: string
  private depth = 0

  constructor(text: string) {
    this.text = text
  }

  document(): JsonValue {
    const value = this.value()
    if (this.peek() !== '') throw this.unexpected('the end')
    return value
  }

  private value(): JsonValue {
    switch (this.peek()) {
      case '{':
        return this.nested(() => this.object())
      case '[':
        return this.nested(() => this.array())
      case '"':
        return this.string()
      case 't':
        return this.word('true', true)
      case 'f':
        return this.word('false', false)
      case 'n':
        return this.word('null', null)
      default:
        return this.number()
    }
  }

  private nested<T>(read: () => T): T {
    this.depth += 1
    if (this.depth > MAX_DEPTH) throw new SyntaxError(`nested deeper than ${MAX_DEPTH}`)
    const value = read()
    this.depth -= 1
    return value
  }

  private object(): { [key: string]: JsonValue } {
    const object: { [key: string]: JsonValue } = {}
    this.position += 1
    if (this.accept('}')) return object
    do {
      if (this.peek() !== '"') throw this.unexpected('a key')
      const key = this.string()
      if (!this.accept(':')) throw this.unexpected('":"')
      const value = this.value()
      // An assignment would set the prototype of an object with the key "__proto__".
      Object.defineProperty(object, key, {
        value,
        writable: true,
        enumerable: true,
        configurable: true,
      })
    } while (this.accept(','))
    if (!this.accept('}')) throw this.unexpected('"," or "}"')
    return object
  }

  private array(): JsonValue[] {
    const array: JsonValue[] = []
    this.position += 1
    if (this.accept(']')) return array
    do array.push(this.value())
    while (this.accept(','))
    if (!this.accept(']')) throw this.unexpected('"," or "]"')
    return array
  }

  private string(): string {
    const start = this.position
    let end = start + 1
    while (end < this.text.length && this.text[end] !== '"') end += this.text[end] === '\\' ? 2 : 1
    try {
      const string: string = JSON.parse(this.text.slice(start, end + 1))
      this.position = end + 1
      return string
    } catch {
      throw new SyntaxError('bad string')
    }
  }

  private number(): number | bigint {
    const token = /-?(?:0|[1-9]\d*)(\.\d+)?(?:[eE][+-]?\d+)?/y
    token.lastIndex = this.position
    const [text] = token.exec(this.text) ?? []
    if (text === undefined) throw this.unexpected('a value')
    this.position += text.length
    return /^-?\d{16,}$/.test(text) ? canonical(BigInt(text)) : Number(text)
  }

  private word<T>(word: string, value: T): T {
    if (!this.text.startsWith(word, this.position)) throw this.unexpected('a value')
    this.position += word.length
    return value
  }

  /** The next character that is not white space; '' at the end. */
  private peek(): string {
    while (' \t\n\r'.includes(this.text[this.position] ?? '!')) this.position += 1
    return this.text[this.position] ?? ''
  }

  private accept(character: string): boolean {
    if (this.peek() !== character) return false
    this.position += 1
    return true
  }

  private unexpected(wanted: string): SyntaxError {
    const found = this.text[this.position]
    return new SyntaxError(`expected ${wanted}, found ${found ? JSON.stringify(found) : 'the end'}`)
  }
}
