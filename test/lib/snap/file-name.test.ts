import assert from 'node:assert/strict'
import { it } from 'node:test'
import { parseSnapDbName, parseSnapName } from '../../../src/lib/snap/file-name.ts'

it('parseSnapName reads the term, then the index', () => {
  assert.deepEqual(parseSnapName('0000000000000002-000000000000002a.snap'), { term: 2, index: 42 })
  assert.deepEqual(parseSnapName('0000000000000001-ffffffffffffffff.snap'), {
    term: 1,
    index: 2n ** 64n - 1n,
  })
  for (const name of [
    'db',
    '0000000000000002-000000000000002a.snap.broken',
    '000000000000002a.snap',
    '000000000000002a.snap.db',
    '0000000000000002-0000000000000002a.snap',
    'x0000000000000002-000000000000002a.snap',
    '0000000000000002-000000000000002g.snap',
  ]) {
    assert.equal(parseSnapName(name), undefined, name)
  }
})

it('parseSnapDbName reads the index', () => {
  assert.equal(parseSnapDbName('000000000000004e.snap.db'), 78)
  for (const name of [
    'db',
    'x.snap.db',
    '000000000000004e.snap',
    '000000000000004e.snap.db.part',
  ]) {
    assert.equal(parseSnapDbName(name), undefined, name)
  }
})
