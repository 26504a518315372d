import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { etcdserverpb } from '../../../src/lib/proto/generated/etcd.js'
import { ENTRY_TYPE_NAMES, parseEntryTypes } from '../../../src/lib/wal/entry-types.ts'
import { decodePayload } from '../../../src/lib/wal/payload.ts'
import { DUMP_LOGS_ENTRIES } from './dump-logs-entries.ts'

/** The 1-based indexes of the entries of etcd-dump-logs' test that a filter lets through. */
function listed(...lists: string[]): number[] {
  const parsed = parseEntryTypes(...lists)
  assert.ok(parsed.ok)
  return DUMP_LOGS_ENTRIES.flatMap(({ type, data }, index) =>
    parsed.matches(type, decodePayload(type, data)) ? [index + 1] : [],
  )
}

function matches(list: string, type: number, data: Uint8Array): boolean {
  const parsed = parseEntryTypes(list)
  assert.ok(parsed.ok)
  return parsed.matches(type, decodePayload(type, data))
}

const indexes = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index)

describe('entry types', () => {
  // tools/etcd-dump-logs/expectedoutput/list*.output @ v3.6.14
  const expected: [list: string, indexes: number[]][] = [
    ['Normal,ConfigChange', indexes(1, 34)],
    ['ConfigChange', indexes(1, 4)],
    ['Normal', indexes(5, 34)],
    ['Request', indexes(5, 9)],
    ['InternalRaftRequest', indexes(10, 33)],
    ['IRRRange', [10]],
    ['IRRPut', [11]],
    ['IRRDeleteRange', [12]],
    ['IRRTxn', [13]],
    ['IRRCompaction', [14]],
    ['IRRLeaseGrant', [15]],
    ['IRRLeaseRevoke', [16]],
    ['IRRLeaseCheckpoint', []],
    ['ConfigChange,IRRCompaction', [1, 2, 3, 4, 14]],
    ['put, undecodable', [11, 34]],
    ['v2Request', indexes(5, 9)],
    ['confChange', indexes(1, 4)],
    ['', []],
  ]
  for (const [list, want] of expected) {
    it(`lists ${list || 'nothing for no type'}`, () => {
      assert.deepEqual(listed(list), want)
    })
  }

  it('takes several lists', () => {
    assert.deepEqual(listed('put', 'txn,range'), [10, 11, 13])
  })

  it('counts the empty entry as an InternalRaftRequest, as etcd-dump-logs does', () => {
    const empty = new Uint8Array()
    assert.ok(matches('InternalRaftRequest', 0, empty))
    assert.ok(matches('Normal', 0, empty))
    assert.ok(matches('noop', 0, empty))
    assert.ok(!matches('Request', 0, empty))
  })

  it('tells a wrapped v2 request from a bare one, as etcd-dump-logs does', () => {
    const v2 = { Method: 'PUT', Path: '/1/a' }
    const wrapped = etcdserverpb.InternalRaftRequest.encode({ v2, put: {} }).finish()
    assert.ok(matches('InternalRaftRequest', 0, wrapped))
    assert.ok(matches('IRRPut', 0, wrapped))
    assert.ok(matches('v2Request', 0, wrapped))
    assert.ok(!matches('Request', 0, wrapped))
  })

  it('keeps the types of entries apart that cannot be decoded', () => {
    const junk = Uint8Array.of(0x3f)
    assert.ok(matches('ConfigChange', 1, junk) && matches('undecodable', 1, junk))
    assert.ok(matches('confChangeV2', 2, junk) && !matches('Normal,ConfigChange', 2, junk))
    assert.ok(matches('undecodable', 7, junk) && !matches('Normal', 7, junk))
  })

  it('names what it does not know, and what it does', () => {
    const parsed = parseEntryTypes('put,Put,irrput')
    assert.deepEqual(parsed, { ok: false, unknown: ['Put', 'irrput'], legal: ENTRY_TYPE_NAMES })
    assert.ok(
      ['noop', 'leaseCheckpoint', 'IRRTxn'].every((name) => ENTRY_TYPE_NAMES.includes(name)),
    )
  })
})
