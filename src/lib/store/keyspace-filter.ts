import type { KeySpan } from '../wal/key-span.ts'
import { compareKeys } from './sorted-keys/compare.ts'

/** Which keys are wanted. */
export interface KeyFilter {
  /** In any of these; all keys, when absent. */
  readonly spans?: readonly KeySpan[]
  /** And this says so. */
  readonly matches?: (key: Uint8Array) => boolean
}

/** Whether a filter takes a key. */
export function takesKey({ spans, matches }: KeyFilter, key: Uint8Array): boolean {
  if (spans !== undefined && !spans.some((span) => isIn(span, key))) return false
  return matches === undefined || matches(key)
}

function isIn({ start, end }: KeySpan, key: Uint8Array): boolean {
  if (compare(key, start) < 0) return false
  return end === undefined || compare(key, end) < 0
}

function compare(a: Uint8Array, b: Uint8Array): number {
  return compareKeys(a, 0, a.length, b, 0, b.length)
}
