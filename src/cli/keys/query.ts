import type { KeyspaceQuery } from '../../lib/store/keyspace.ts'
import { KEY_ORDERS, type KeyOrder } from '../../lib/store/keyspace-sort.ts'
import { UsageError } from '../errors.ts'
import { type KeyFlags, keySpans } from '../key-flags.ts'
import { uint64Flag } from '../uint64-flag.ts'

/** The flags of `inspect keys` that choose keys, and say in which order they stand. */
export interface KeysFlags extends KeyFlags {
  readonly regex?: string | undefined
  readonly rev?: string | undefined
  readonly history: boolean
  readonly order?: string | undefined
  readonly sort?: string | undefined
  readonly reverse: boolean
}

/** What the flags ask for. */
export function keyspaceQuery(flags: KeysFlags): KeyspaceQuery {
  const { regex, rev, history, order, sort, reverse } = flags
  if (order === 'revision' && (sort !== undefined || reverse)) {
    throw new UsageError(
      `--order revision contradicts --${sort === undefined ? 'reverse' : 'sort'}`,
    )
  }
  const spans = keySpans(flags)
  const revision = rev === undefined ? 0 : uint64Flag('rev', rev)
  return {
    history: history || order === 'revision',
    order: KEY_ORDERS.find((each): each is KeyOrder => each === sort) ?? 'key',
    descending: reverse,
    // 0 is the current one, as servers have it.
    ...(revision === 0 ? {} : { revision }),
    ...(spans.length === 0 ? {} : { spans }),
    ...(regex === undefined ? {} : { matches: matcher(regex) }),
  }
}

/** Bytes that are not UTF-8 are matched as U+FFFD. */
function matcher(regex: string): (key: Uint8Array) => boolean {
  const pattern = patternOf(regex)
  return ({ buffer, byteOffset, length }) => {
    return pattern.test(Buffer.from(buffer, byteOffset, length).toString())
  }
}

function patternOf(regex: string): RegExp {
  try {
    return new RegExp(regex, 'u')
  } catch {
    throw new UsageError(
      `--regex takes a regular expression, not ${regex}`,
      'its syntax is that of JavaScript, with the flag u',
    )
  }
}
