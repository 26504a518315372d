import { type KeySpan, keySpan, prefixSpan, spanOf } from '../lib/wal/key-span.ts'
import { UsageError } from './errors.ts'

/** The flags that choose keys; each may be given more than once. */
export interface KeyFlags {
  readonly key?: readonly string[] | undefined
  readonly prefix?: readonly string[] | undefined
  readonly range?: readonly string[] | undefined
}

/**
 * The keys that the flags ask for: those in any of the spans; all, when there is none.
 *
 * @throws UsageError
 */
export function keySpans({ key = [], prefix = [], range = [] }: KeyFlags): readonly KeySpan[] {
  return [
    ...key.map((each) => keySpan(keyBytes(each))),
    ...prefix.map((each) => prefixSpan(keyBytes(each))),
    ...range.map(rangeSpan),
  ]
}

/** `FROM..TO`, half open as etcd's; without TO every key from FROM on. */
function rangeSpan(text: string): KeySpan {
  const at = text.indexOf('..')
  if (at < 0) throw new UsageError(`--range takes FROM..TO, not ${text}`)
  const start = keyBytes(text.slice(0, at))
  const end = keyBytes(text.slice(at + 2))
  return end.length === 0 ? { start } : spanOf(start, end)
}

/** The bytes of a key as it is typed: UTF-8, with \xNN for any byte and \\ for a backslash. */
export function keyBytes(text: string): Uint8Array {
  const parts = text.split(/(\\x[0-9a-f]{2}|\\\\)/i)
  const bytes = parts.map((part) => {
    if (part === '\\\\') return Buffer.from('\\')
    return /^\\x/i.test(part) ? Buffer.from(part.slice(2), 'hex') : Buffer.from(part)
  })
  return Buffer.concat(bytes)
}
