import type { EntryQuery } from '../../lib/wal/entry-query.ts'
import { parseEntryTypes } from '../../lib/wal/entry-types.ts'
import { UsageError } from '../errors.ts'
import { type KeyFlags, keySpans } from '../key-flags.ts'
import { uint64Flag } from '../uint64-flag.ts'

/** The flags of `inspect log` that choose entries. */
export interface QueryFlags extends KeyFlags {
  readonly 'start-index'?: string | undefined
  readonly 'end-index'?: string | undefined
  readonly term?: string | undefined
  readonly type?: readonly string[] | undefined
}

/** What the flags ask for. */
export function entryQuery(flags: QueryFlags): EntryQuery {
  const { 'start-index': start, 'end-index': end, term, type } = flags
  const spans = keySpans(flags)
  return {
    ...(start === undefined ? {} : { startIndex: uint64Flag('start-index', start) }),
    ...(end === undefined ? {} : { endIndex: uint64Flag('end-index', end) }),
    ...(term === undefined ? {} : { term: uint64Flag('term', term) }),
    ...(type === undefined ? {} : { hasType: typeFilter(type) }),
    ...(spans.length === 0 ? {} : { spans }),
  }
}

function typeFilter(names: readonly string[]): NonNullable<EntryQuery['hasType']> {
  const parsed = parseEntryTypes(...names)
  if (parsed.ok) return parsed.matches
  throw new UsageError(
    `there is no entry type ${parsed.unknown.join(', ')}`,
    `the types are: ${parsed.legal.join(' ')}`,
  )
}
