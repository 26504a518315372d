import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { readCluster } from '../../../src/lib/store/cluster.ts'
import { type Content, read } from './bucket-rows.ts'

const readRows = (...content: Content) => read('cluster', readCluster, content)

describe('readCluster', () => {
  it('reads the version, and a downgrade that is not on', () => {
    const { result, ids } = readRows(
      ['clusterVersion', '3.5.0'],
      ['downgrade', '{"target-version":"","enabled":false}'],
    )
    assert.deepEqual(result, { clusterVersion: '3.5.0', downgrade: { enabled: false } })
    assert.deepEqual(ids, [])
    assert.deepEqual(readRows().result, {})
  })

  it('warns of a downgrade in progress', () => {
    const { result, ids, messages, severities } = readRows([
      'downgrade',
      '{"target-version":"3.5.0","enabled":true}',
    ])
    assert.deepEqual(result, { downgrade: { enabled: true, targetVersion: '3.5.0' } })
    assert.deepEqual(ids, ['STORE_DOWNGRADE'])
    assert.deepEqual(severities, ['warning'])
    assert.match(messages[0] ?? '', /3\.5\.0/)
  })

  it('reports rows on which servers panic', () => {
    const cases: [string, string, object][] = [
      ['clusterVersion', '3.5', {}],
      ['clusterVersion', '', {}],
      ['downgrade', 'null', {}],
      ['downgrade', '{', {}],
      ['downgrade', '{"enabled":1}', {}],
      ['downgrade', '{"enabled":false,"target-version":3}', {}],
      // The target counts only when the downgrade is on.
      ['downgrade', '{"enabled":true,"target-version":"3.5"}', { downgrade: { enabled: true } }],
    ]
    for (const [key, value, expected] of cases) {
      const { result, ids, severities } = readRows([key, value])
      assert.deepEqual(result, expected, value)
      assert.deepEqual(ids, ['STORE_ROW_UNDECODABLE'], value)
      assert.deepEqual(severities, ['error'], value)
    }
    assert.deepEqual(readRows(['downgrade', '{"enabled":false,"target-version":"x"}']).ids, [])
  })

  it('collects keys that it does not know', () => {
    assert.deepEqual(readRows(['clusterversion', '3.5.0']).unknown, ['cluster/clusterversion'])
  })
})
