import { canonical, type Uint64 } from '../lib/proto/uint64.ts'
import { UsageError } from './errors.ts'

/**
 * The value of a flag that takes an index, a term or a revision.
 *
 * @throws UsageError
 */
export function uint64Flag(flag: string, text: string): Uint64 {
  const value = /^\d{1,20}$/.test(text) ? BigInt(text) : undefined
  if (value === undefined || value >> 64n !== 0n) {
    throw new UsageError(`--${flag} takes an integer from 0 to 2^64 - 1, not ${text}`)
  }
  return canonical(value)
}
