import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { writtenBy } from '../../../src/lib/store/written-by.ts'

const confState = {
  voters: [1],
  learners: [],
  votersOutgoing: [],
  learnersNext: [],
  autoLeave: false,
}

describe('writtenBy', () => {
  it('goes by the newest thing in the schema', () => {
    const cases: [Parameters<typeof writtenBy>[0], string][] = [
      [{ storageVersion: '3.6.0', clusterVersion: '3.6.0', term: 2, consistentIndex: 9 }, '3.6'],
      // An upgrade: the storage version follows the cluster version.
      [{ storageVersion: '3.6.0', clusterVersion: '3.7.0', term: 2, consistentIndex: 9 }, '3.7'],
      [{ storageVersion: '3.10.0', clusterVersion: '3.9.0' }, '3.10'],
      [{ clusterVersion: '3.5.0', term: 2, consistentIndex: 9 }, '3.5'],
      // The first members of 3.5 in a cluster of 3.4.
      [{ clusterVersion: '3.4.0', term: 2, consistentIndex: 9 }, '3.5'],
      [{ clusterVersion: '3.4.0', confState }, '3.5'],
      [{ term: 2 }, '3.5'],
    ]
    for (const [store, atLeast] of cases) assert.deepEqual(writtenBy(store), { atLeast })
  })

  it('knows the old ones by what they do not write', () => {
    assert.deepEqual(writtenBy({ clusterVersion: '3.3.0', consistentIndex: 9 }), {
      atLeast: '3.3',
      atMost: '3.4',
    })
    assert.deepEqual(writtenBy({ clusterVersion: '3.4.0', consistentIndex: 9 }), {
      atLeast: '3.4',
      atMost: '3.4',
    })
    // Nothing was applied yet: there would be no term either way.
    assert.deepEqual(writtenBy({ clusterVersion: '3.4.0' }), { atLeast: '3.4' })
  })

  it('says nothing when nothing is there', () => {
    assert.equal(writtenBy({}), undefined)
    assert.equal(writtenBy({ consistentIndex: 3 }), undefined)
  })
})
