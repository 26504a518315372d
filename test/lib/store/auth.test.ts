import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { readAuth, readRoles, readUsers } from '../../../src/lib/store/auth.ts'
import { type Content, hex, read } from './bucket-rows.ts'

const HASH = Buffer.from(`$2a$10$${'h'.repeat(53)}`)
const USER = Buffer.concat([hex('0a0175 123c'), HASH, hex('1a02726f')])

describe('readAuth', () => {
  const readRows = (...content: Content) => read('auth', readAuth, content)

  it('reads whether it is on, and its revision', () => {
    const { result, ids, severities } = readRows(
      ['authEnabled', hex('01')],
      ['authRevision', hex('0000000000000007')],
    )
    assert.deepEqual(result, { enabled: true, revision: 7 })
    assert.deepEqual(ids, ['STORE_AUTH_ENABLED'])
    assert.deepEqual(severities, ['info'])
  })

  it('is off without a row, and with 00', () => {
    assert.deepEqual(readRows().result, { enabled: false })
    const { result, ids } = readRows(['authEnabled', hex('00')])
    assert.deepEqual([result, ids], [{ enabled: false }, []])
  })

  it('reports what is neither on nor off, which servers take for off', () => {
    for (const value of ['02', '', '0100']) {
      const { result, ids, severities } = readRows(['authEnabled', hex(value)])
      assert.deepEqual(result, { enabled: false })
      assert.deepEqual(ids, ['STORE_ROW_UNDECODABLE'])
      assert.deepEqual(severities, ['warning'])
    }
  })

  it('reports a revision that is too short, and keys that it does not know', () => {
    const { result, ids, unknown } = readRows(['authRevision', hex('07')], ['authToken', 'x'])
    assert.deepEqual(result, { enabled: false })
    assert.deepEqual(ids, ['STORE_ROW_UNDECODABLE'])
    assert.deepEqual(unknown, ['auth/authToken'])
  })
})

describe('readUsers', () => {
  const readRows = (...content: Content) => read('authUsers', readUsers, content)

  it('takes the names and leaves the password hashes, with and without options', () => {
    const { result, ids } = readRows(
      ['u', Buffer.concat([USER, hex('2200')])],
      ['ü', hex('0a02c3bc')],
    )
    assert.deepEqual(result, ['u', 'ü'])
    assert.deepEqual(ids, [])
    assert.ok(!JSON.stringify(result).includes('$2a$'))
  })

  it('reports what is no User, and one of another name; no message has the hash', () => {
    const { result, ids, findings } = readRows(['u', USER.subarray(0, 20)], ['v', USER])
    assert.deepEqual(result, ['v'])
    assert.deepEqual(ids, ['STORE_ROW_UNDECODABLE', 'STORE_ROW_MISMATCH'])
    assert.ok(!JSON.stringify(findings.list).includes('$2a$'))
    assert.ok(!JSON.stringify(findings.list).includes(HASH.subarray(0, 8).toString('hex')))
  })
})

describe('readRoles', () => {
  const readRows = (...content: Content) => read('authRoles', readRoles, content)

  it('takes the names', () => {
    const { result, ids } = readRows(
      ['r1', hex('0a027231 1208 0802 12016b 1a016c')],
      ['root', hex('0a04 726f6f74')],
    )
    assert.deepEqual(result, ['r1', 'root'])
    assert.deepEqual(ids, [])
  })

  it('reports what is no Role', () => {
    assert.deepEqual(readRows(['r1', hex('0a027231 12')]).ids, ['STORE_ROW_UNDECODABLE'])
  })
})
