import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Findings } from '../../../src/lib/findings/findings.ts'
import { readSmallBuckets } from '../../../src/lib/store/small-buckets.ts'
import { type Content, hex, rowsOf } from './bucket-rows.ts'

function read(buckets: { readonly [name: string]: Content }) {
  const findings = new Findings()
  const store = readSmallBuckets((name) => rowsOf(buckets[name] ?? []), 'db', findings)
  return { store, findings }
}

describe('readSmallBuckets', () => {
  it('reads an empty store', () => {
    const { store, findings } = read({})
    assert.deepEqual(store, {
      members: [],
      removedMembers: [],
      leases: 0,
      alarms: [],
      auth: { enabled: false, users: [], roles: [] },
      unknownKeys: [],
    })
    assert.deepEqual(findings.list, [])
  })

  it('reads all buckets but that of the keys', () => {
    const asked: string[] = []
    readSmallBuckets(
      (name) => {
        asked.push(name)
        return []
      },
      'db',
      new Findings(),
    )
    assert.deepEqual(asked.sort(), [
      'alarm',
      'auth',
      'authRoles',
      'authUsers',
      'cluster',
      'lease',
      'members',
      'members_removed',
      'meta',
    ])
  })

  it('puts together what they say', () => {
    const { store, findings } = read({
      meta: [['term', hex('0000000000000002')]],
      cluster: [['clusterVersion', '3.5.0']],
      members: [['a', '{"id":10}']],
      members_removed: [['a', 'removed']],
      authUsers: [['u', hex('0a0175')]],
      authRoles: [['r', hex('0a0172')]],
      auth: [['authEnabled', hex('01')]],
    })
    assert.equal(store.term, 2)
    assert.equal(store.clusterVersion, '3.5.0')
    assert.deepEqual(store.removedMembers, [10])
    assert.deepEqual(store.auth, { enabled: true, users: ['u'], roles: ['r'] })
    assert.deepEqual([...findings.counts.keys()], ['STORE_MEMBER_REMOVED', 'STORE_AUTH_ENABLED'])
  })

  it('keeps the first hundred unknown keys and reports them once', () => {
    const many: Content = Array.from({ length: 150 }, (_, at) => [`key${at}`])
    const { store, findings } = read({ meta: many, cluster: [['x']] })
    assert.equal(store.unknownKeys.length, 100)
    assert.deepEqual(store.unknownKeys[99], {
      bucket: 'meta',
      key: new Uint8Array(Buffer.from('key99')),
    })
    assert.equal(findings.counts.get('STORE_UNKNOWN_KEYS'), 1)
    assert.match(findings.list[0]?.message ?? '', /^meta\/key0, .*meta\/key4 and 146 more$/)
  })

  it('shows keys without what a terminal would obey', () => {
    const { findings } = read({ meta: [['\x1b[31mred']] })
    assert.equal(findings.list[0]?.message, 'meta/1b5b33316d726564')
  })
})
