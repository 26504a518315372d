/** What sends a value the slow way: text that terminals obey, and integers with an exponent. */
const NOT_NATIVE = /[\x7f-\x9f\p{Cf}\u2028\u2029]|\de\+/u
const OBEYED = /[\x7f-\x9f\p{Cf}\u2028\u2029]/gu

/** How much text `writeJson` gathers before it hands it on, in UTF-16 code units. */
const CHUNK = 1 << 16

/**
 * Plain data as JSON text: integers exact at any size and without exponents, numbers that JSON
 * does not have as null, undefined members left out, control and bidi characters as `\uNNNN`.
 *
 * @param indent spaces a level; 0, the default, gives one line
 */
export function toJson(value: unknown, indent = 0): string {
  // Hardly any document holds a bigint, and the native way is several times as fast.
  const text = native(value, indent)
  if (text !== undefined && !NOT_NATIVE.test(text)) return text
  return exact(value, '\n', ' '.repeat(indent))
}

/**
 * As `toJson`, in pieces: `write` gets about 64 Ki characters at a time. An iterable, such as a
 * generator, is written as an array, item by item; only the item at hand is in memory.
 * Iterables may be members of objects at any depth, but not part of another array's items.
 */
export function writeJson(value: unknown, write: (chunk: string) => void, indent = 0): void {
  let gathered = ''
  for (const piece of pieces(value, '\n', indent)) {
    gathered += piece
    if (gathered.length < CHUNK) continue
    write(gathered)
    gathered = ''
  }
  if (gathered) write(gathered)
}

function* pieces(value: unknown, line: string, indent: number): Generator<string> {
  if (typeof value !== 'object' || value === null) {
    yield toJson(value)
    return
  }
  const inner = line + ' '.repeat(indent)
  const lineBreak = indent > 0 ? inner : ''
  const iterable = Symbol.iterator in value
  let before = iterable ? '[' : '{'
  if (iterable) {
    for (const item of value as Iterable<unknown>) {
      yield before + lineBreak + toJson(item, indent).replaceAll('\n', inner)
      before = ','
    }
  } else {
    for (const [key, member] of Object.entries(value)) {
      if (member === undefined) continue
      yield `${before}${lineBreak}${quote(key)}${indent > 0 ? ': ' : ':'}`
      yield* pieces(member, inner, indent)
      before = ','
    }
  }
  if (before !== ',') yield before
  else if (indent > 0) yield line
  yield iterable ? ']' : '}'
}

/** undefined when the value holds a bigint. */
function native(value: unknown, indent: number): string | undefined {
  try {
    return JSON.stringify(value, undefined, indent)
  } catch (error) {
    if (error instanceof TypeError) return undefined
    throw error
  }
}

/** `line` is the line break of the level the value stands on, `step` the indentation of a level. */
function exact(value: unknown, line: string, step: string): string {
  if (typeof value === 'string') return quote(value)
  if (typeof value === 'number') return numeral(value)
  if (typeof value === 'bigint' || typeof value === 'boolean') return String(value)
  if (typeof value !== 'object' || value === null) return 'null'
  const inner = line + step
  const parts: string[] = []
  if (Array.isArray(value)) {
    for (const item of value) parts.push(exact(item, inner, step))
  } else {
    const colon = step ? ': ' : ':'
    for (const [key, member] of Object.entries(value)) {
      if (member !== undefined) parts.push(quote(key) + colon + exact(member, inner, step))
    }
  }
  const [open, close] = Array.isArray(value) ? '[]' : '{}'
  if (parts.length === 0) return `${open}${close}`
  return step
    ? `${open}${inner}${parts.join(`,${inner}`)}${line}${close}`
    : `${open}${parts.join(',')}${close}`
}

function quote(text: string): string {
  return JSON.stringify(text).replace(OBEYED, (character) =>
    character
      .split('')
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
      .join(''),
  )
}

function numeral(value: number): string {
  if (!Number.isFinite(value)) return 'null'
  return Math.abs(value) >= 1e21 ? String(BigInt(value)) : String(value)
}
