import type { FindingId } from '../findings/catalogue.ts'
import type { Details } from '../findings/finding.ts'
import { plusOne, type Uint64 } from '../proto/uint64.ts'
import { ENTRY, type EntryFields } from './entry.ts'

/** A rule that an entry breaks. */
export interface Violation {
  readonly id: FindingId
  readonly details: Details
}

/**
 * What holds for every log that raft wrote, whatever it went through: behind one another terms never
 * fall, and no entry takes the place of one that is known to be committed. The type of a record is
 * outside its checksum; these rules show when it was changed.
 *
 * Source: raftLog.maybeAppend in log.go @ raft v3.6.0, which panics instead of overwriting.
 */
export class RaftInvariants {
  /** Of the entry last checked. */
  lastIndex: Uint64 | undefined
  lastTerm: Uint64 = 0

  /**
   * Checks an entry, in the order of the log.
   *
   * @param commit the commit index of the last HardState before it
   * @returns the rule it breaks, if any
   */
  check({ type, term, index }: EntryFields, commit: Uint64): Violation | undefined {
    const { lastIndex, lastTerm } = this
    this.lastIndex = index
    this.lastTerm = term
    if (type > ENTRY.confChangeV2) return unknownType(type)
    if (lastIndex === undefined) return undefined
    if (index <= commit && index <= lastIndex) return overwritten(index, commit)
    return term < lastTerm && index === plusOne(lastIndex)
      ? fallen(index, term, lastTerm)
      : undefined
  }
}

function unknownType(type: Uint64): Violation {
  const message = 'the entry has a type that no etcd knows'
  const details = { message, expected: 'a type from 0 to 2', found: String(type) }
  return { id: 'WAL_ENTRY_TYPE_UNKNOWN', details }
}

function overwritten(index: Uint64, commit: Uint64): Violation {
  const message = `the log goes back to index ${index}, which was committed`
  const details = { message, expected: `an index above ${commit}`, found: String(index) }
  return { id: 'WAL_COMMITTED_OVERWRITTEN', details }
}

function fallen(index: Uint64, term: Uint64, before: Uint64): Violation {
  const message = `entry ${index} has a lower term than the one before it`
  const details = { message, expected: `at least ${before}`, found: String(term) }
  return { id: 'WAL_TERM_FALLS', details }
}
