import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { countLeases } from '../../../src/lib/store/lease.ts'
import { type Content, hex, read } from './bucket-rows.ts'

const readRows = (...content: Content) => read('lease', countLeases, content)

const LEASE = [hex('3916a204aa161507'), hex('08 87aad8d0cac0a88b39 10 d804')] as const

describe('countLeases', () => {
  it('counts leases, with or without the time they have left, and with negative ids', () => {
    const { result, ids } = readRows(
      LEASE,
      [hex('3916a204aa161508'), hex('08 88aad8d0cac0a88b39 10 d804 18 05')],
      [hex('ffffffffffffffff'), hex('08 ffffffffffffffffff01 10 01')],
      // A field of a later etcd.
      [hex('0000000000000001'), hex('0801 2203616263')],
    )
    assert.equal(result, 4)
    assert.deepEqual(ids, [])
    assert.equal(readRows().result, 0)
  })

  it('reports what is no Lease, which stops a server at its start', () => {
    for (const value of ['08', '0a0161', '08 87aad8d0cac0a88b', '0887aa 1', '00', '0801 2205 61']) {
      const { result, ids, severities } = readRows(LEASE, [hex('0000000000000001'), hex(value)])
      assert.equal(result, 1, value)
      assert.deepEqual(ids, ['STORE_ROW_UNDECODABLE'], value)
      assert.deepEqual(severities, ['error'])
    }
  })

  it('reports a lease under the key of another', () => {
    const [, value] = LEASE
    for (const key of ['3916a204aa161506', '3916a204aa1615', '']) {
      const { result, ids, findings } = readRows([hex(key), value])
      assert.equal(result, 1)
      assert.deepEqual(ids, ['STORE_ROW_MISMATCH'])
      assert.equal(findings.list[0]?.found, '3916a204aa161507')
    }
    // An empty value is a Lease of id 0.
    assert.deepEqual(readRows([hex('0000000000000001'), '']).ids, ['STORE_ROW_MISMATCH'])
  })
})
