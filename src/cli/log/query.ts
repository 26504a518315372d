import { canonical, type Uint64 } from '../../lib/proto/uint64.ts'
import type { EntryQuery } from '../../lib/wal/entry-query.ts'
import { parseEntryTypes } from '../../lib/wal/entry-types.ts'
import { type KeySpan, keySpan, prefixSpan, spanOf } from '../../lib/wal/key-span.ts'
import { UsageError } from '../errors.ts'

/** The flags of `inspect log` that choose entries. */
export interface QueryFlags {
  readonly 'start-index'?: string | undefined
  readonly 'end-index'?: string | undefined
  readonly term?: string | undefined
  readonly type?: readonly string[] | undefined
  readonly key?: readonly string[] | undefined
  readonly prefix?: readonly string[] | undefined
  readonly range?: readonly string[] | undefined
}

/** What the flags ask for. */
export function entryQuery(flags: QueryFlags): EntryQuery {
  const { 'start-index': start, 'end-index': end, term, type } = flags
  const spans = [
    ...(flags.key ?? []).map((key) => keySpan(bytesOf(key))),
    ...(flags.prefix ?? []).map((prefix) => prefixSpan(bytesOf(prefix))),
    ...(flags.range ?? []).map(rangeSpan),
  ]
  return {
    ...(start === undefined ? {} : { startIndex: integer('start-index', start) }),
    ...(end === undefined ? {} : { endIndex: integer('end-index', end) }),
    ...(term === undefined ? {} : { term: integer('term', term) }),
    ...(type === undefined ? {} : { hasType: typeFilter(type) }),
    ...(spans.length === 0 ? {} : { spans }),
  }
}

function integer(flag: string, text: string): Uint64 {
  const value = /^\d{1,20}$/.test(text) ? BigInt(text) : undefined
  if (value === undefined || value >> 64n !== 0n) {
    throw new UsageError(`--${flag} takes an integer from 0 to 2^64 - 1, not ${text}`)
  }
  return canonical(value)
}

function typeFilter(names: readonly string[]): NonNullable<EntryQuery['hasType']> {
  const parsed = parseEntryTypes(...names)
  if (parsed.ok) return parsed.matches
  throw new UsageError(
    `there is no entry type ${parsed.unknown.join(', ')}`,
    `the types are: ${parsed.legal.join(' ')}`,
  )
}

/** `FROM..TO`, half open as etcd's; without TO every key from FROM on. */
function rangeSpan(text: string): KeySpan {
  const at = text.indexOf('..')
  if (at < 0) throw new UsageError(`--range takes FROM..TO, not ${text}`)
  const start = bytesOf(text.slice(0, at))
  const end = bytesOf(text.slice(at + 2))
  return end.length === 0 ? { start } : spanOf(start, end)
}

/** The bytes of a key as it is typed: UTF-8, with \xNN for any byte and \\ for a backslash. */
function bytesOf(text: string): Uint8Array {
  const parts = text.split(/(\\x[0-9a-f]{2}|\\\\)/i)
  const bytes = parts.map((part) => {
    if (part === '\\\\') return Buffer.from('\\')
    return /^\\x/i.test(part) ? Buffer.from(part.slice(2), 'hex') : Buffer.from(part)
  })
  return Buffer.concat(bytes)
}
