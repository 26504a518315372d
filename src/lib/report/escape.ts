/**
 * Characters that no terminal and no log viewer should see: C0 and C1 controls, DEL, format
 * characters (bidi overrides, zero-width ones), line and paragraph separators.
 */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u

/** Unprintable characters, lone surrogates and the backslash that begins an escape. */
const NEEDS_ESCAPE = /[\\\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu

const ASCII = /^[\x20-\x7e]*$/

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** The text of valid UTF-8; undefined for anything else. */
export function textOf(bytes: Uint8Array): string | undefined {
  try {
    return strictUtf8.decode(bytes)
  } catch {
    return undefined
  }
}

/** Whether a text shows as itself everywhere: it has no control and no format characters. */
export function isPrintable(text: string): boolean {
  return ASCII.test(text) || !UNPRINTABLE.test(text)
}

/**
 * Text that is safe on a terminal and still says which bytes there are: every byte of a control
 * or format character, and every byte that is no UTF-8, becomes `\xNN`; a backslash becomes `\\`.
 */
export function escapeForTerminal(input: string | Uint8Array): string {
  if (typeof input === 'string') return escapeText(input)
  const text = textOf(input)
  return text === undefined ? escapeBytes(input) : escapeText(text)
}

function escapeText(text: string): string {
  if (ASCII.test(text) && !text.includes('\\')) return text
  return text.replace(NEEDS_ESCAPE, (character) =>
    character === '\\' ? '\\\\' : escapeAll(Buffer.from(character)),
  )
}

/** Escapes what is not valid in bytes that are not UTF-8 as a whole. */
function escapeBytes(bytes: Uint8Array): string {
  let escaped = ''
  for (let at = 0; at < bytes.length; ) {
    const length = sequenceLength(bytes[at] as number)
    const sequence = bytes.subarray(at, at + length)
    const text = textOf(sequence)
    escaped += text === undefined ? escapeAll(sequence.subarray(0, 1)) : escapeText(text)
    at += text === undefined ? 1 : sequence.length
  }
  return escaped
}

/** How many bytes a UTF-8 sequence has that begins with this one, if it is valid. */
function sequenceLength(lead: number): number {
  if (lead < 0xc0) return 1
  if (lead < 0xe0) return 2
  return lead < 0xf0 ? 3 : 4
}

function escapeAll(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('')
}
