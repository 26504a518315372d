import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { EntryFields } from '../../../src/lib/wal/entry.ts'
import { RaftInvariants } from '../../../src/lib/wal/raft-invariants.ts'

/** The ids of what entries [term, index, commit before it, type] break. */
function broken(...entries: readonly (readonly [number, number, number?, number?])[]) {
  const invariants = new RaftInvariants()
  return entries.flatMap(([term, index, commit = 0, type = 0]) => {
    const entry = Object.assign(new EntryFields(), { type, term, index })
    return invariants.check(entry, commit)?.id ?? []
  })
}

describe('what holds for every log of raft', () => {
  it('lets terms rise and the uncommitted be overwritten', () => {
    assert.deepEqual(broken([1, 1], [1, 2, 1], [2, 3, 2], [3, 3, 2], [3, 4, 3]), [])
  })

  it('lets a new leader bring an older entry in place of an uncommitted one', () => {
    assert.deepEqual(broken([2, 9, 8], [4, 10, 8], [3, 10, 8], [5, 11, 8]), [])
  })

  it('lets the first entry of a log be committed, as behind a snapshot', () => {
    assert.deepEqual(broken([2, 43, 42], [2, 44, 44]), [])
  })

  it('finds a term that falls from one entry to the next', () => {
    assert.deepEqual(broken([3, 1], [2, 2]), ['WAL_TERM_FALLS'])
  })

  it('finds a committed entry that is overwritten', () => {
    assert.deepEqual(broken([1, 1], [1, 2], [2, 2, 2]), ['WAL_COMMITTED_OVERWRITTEN'])
  })

  it('finds an entry of a type that is none', () => {
    assert.deepEqual(broken([1, 1, 0, 3]), ['WAL_ENTRY_TYPE_UNKNOWN'])
  })
})
