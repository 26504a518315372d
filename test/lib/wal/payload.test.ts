import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { etcdserverpb, raftpb } from '../../../src/lib/proto/generated/etcd.js'
import { decodePayload } from '../../../src/lib/wal/payload.ts'
import { DUMP_LOGS_ENTRIES } from './dump-logs-entries.ts'

const hex = (text: string) => Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'))
const utf8 = (text: string) => new TextEncoder().encode(text)

/** A legacy request with every field gogo writes. */
function bareV2(request: etcdserverpb.Request.$Properties): Uint8Array {
  const zeros = { PrevIndex: 0, Dir: false, Expiration: 0, Wait: false, Since: 0, Stream: false }
  return etcdserverpb.Request.encode({ ...zeros, ...request }).finish()
}

describe('decodePayload', () => {
  it('is given the bytes of etcd-dump-logs, as etcd writes them', () => {
    for (const { data, golden } of DUMP_LOGS_ENTRIES) {
      const digits = Buffer.from(data).toString('hex')
      assert.equal(
        digits.replace(/\d/g, (digit) => 'jabcdefghi'[Number(digit)] ?? ''),
        golden,
      )
    }
  })

  it('tells those 34 entries apart', () => {
    const kinds = DUMP_LOGS_ENTRIES.map(({ type, data }) => {
      const payload = decodePayload(type, data)
      return payload.kind === 'request' ? payload.name : payload.kind
    })
    assert.deepEqual(kinds, [
      ...Array(4).fill('confChange'),
      ...Array(5).fill('v2Request'),
      ...['range', 'put', 'deleteRange', 'txn', 'compaction', 'leaseGrant', 'leaseRevoke', 'alarm'],
      ...['authEnable', 'authDisable', 'authenticate', 'authUserAdd', 'authUserDelete'],
      ...['authUserGet', 'authUserChangePassword', 'authUserGrantRole', 'authUserRevokeRole'],
      ...['authUserList', 'authRoleList', 'authRoleAdd', 'authRoleDelete', 'authRoleGet'],
      ...['authRoleGrantPermission', 'authRoleRevokePermission', 'undecodable'],
    ])
  })

  it('takes no data for the empty entry of a new leader', () => {
    assert.deepEqual(decodePayload(0, new Uint8Array()), { kind: 'noop' })
  })

  it('takes the id from the request, else from its header', () => {
    const header = { ID: 7, username: 'root', auth_revision: 3 }
    const encode = (request: etcdserverpb.InternalRaftRequest.$Properties) =>
      decodePayload(0, etcdserverpb.InternalRaftRequest.encode(request).finish())
    const inHeader = encode({ header, put: { key: utf8('a') } })
    assert.ok(inHeader.kind === 'request')
    assert.equal(inHeader.requestId, 7)
    assert.deepEqual(inHeader.header, { id: 7, username: 'root', authRevision: 3 })
    const both = encode({ ID: 9, header, put: {} })
    assert.ok(both.kind === 'request' && both.requestId === 9)
    const neither = encode({ put: {} })
    assert.ok(neither.kind === 'request' && !('requestId' in neither) && !('header' in neither))
  })

  it('names the request a server would apply, and lists the others', () => {
    const data = etcdserverpb.InternalRaftRequest.encode({
      lease_revoke: { ID: 1 },
      put: { key: utf8('a') },
      cluster_version_set: { ver: '3.5.0' },
    }).finish()
    const payload = decodePayload(0, data)
    assert.ok(payload.kind === 'request')
    assert.equal(payload.name, 'clusterVersionSet')
    assert.deepEqual(payload.names, ['clusterVersionSet', 'put', 'leaseRevoke'])
  })

  it('calls a request unknown that a later etcd may know', () => {
    // ID 1 and a message in field 12, which no etcd up to 3.8 has.
    const payload = decodePayload(0, hex('08 01 62 02 0a 00'))
    assert.ok(payload.kind === 'request' && payload.name === 'unknown')
    assert.deepEqual(payload.unknownFields, [
      { path: '', number: 12, wireType: 2, bytes: hex('0a 00') },
    ])
  })

  it('reads v2 requests of every method, bare and wrapped', () => {
    for (const Method of ['', 'POST', 'PUT', 'DELETE', 'QGET', 'SYNC', 'HEAD', 'RANDOM']) {
      const request = { ID: 5, Method, Path: '/0/version', Val: utf8('3.5.0') }
      const bare = decodePayload(0, bareV2(request))
      assert.ok(bare.kind === 'v2Request', Method)
      assert.deepEqual([bare.method, bare.path, bare.requestId], [Method, '/0/version', 5])
      assert.equal(bare.wrapper, undefined)

      const wrapped = etcdserverpb.InternalRaftRequest.encode({ ID: 6, v2: request }).finish()
      const payload = decodePayload(0, wrapped)
      assert.ok(payload.kind === 'v2Request' && payload.wrapper)
      assert.deepEqual([payload.method, payload.requestId], [Method, 5])
    }
  })

  it('reads a membership change and its context', () => {
    const context = utf8(
      '{"id":13885315960595192159,"peerURLs":["http://127.0.0.1:2380"],"name":"m1"}',
    )
    const data = raftpb.ConfChange.encode({ id: 0, type: 0, node_id: 4, context }).finish()
    const payload = decodePayload(1, data)
    assert.ok(payload.kind === 'confChange')
    assert.equal(payload.nodeId, 4)
    assert.ok(!('requestId' in payload))
    assert.equal(payload.context?.complete, true)
    assert.deepEqual(payload.context.member, {
      id: 13885315960595192159n,
      peerUrls: ['http://127.0.0.1:2380'],
      name: 'm1',
    })
  })

  it('reads the promotion of a learner', () => {
    const context = utf8('{"id":7,"peerURLs":null,"isPromote":true}')
    const payload = decodePayload(1, raftpb.ConfChange.encode({ node_id: 7, context }).finish())
    assert.ok(payload.kind === 'confChange')
    assert.deepEqual(payload.context?.member, { id: 7, isPromote: true })
    assert.equal(payload.context?.complete, true)
  })

  it('keeps a context it cannot read', () => {
    for (const text of ['not json', '[]', '{"id":"7"}', '{"id":-1}', '{"id":7,"color":"red"}']) {
      const context = utf8(text)
      const payload = decodePayload(1, raftpb.ConfChange.encode({ context }).finish())
      assert.ok(payload.kind === 'confChange' && payload.context?.complete === false, text)
      assert.equal(new TextDecoder().decode(payload.context.bytes), text)
    }
  })

  it('reads joint membership changes', () => {
    const changes = [{ type: 3, node_id: 7 }, {}]
    const transition = 9 as number
    const payload = decodePayload(2, raftpb.ConfChangeV2.encode({ transition, changes }).finish())
    assert.deepEqual(payload, {
      kind: 'confChangeV2',
      transition: 9,
      changes: [
        { type: 3, nodeId: 7 },
        { type: 0, nodeId: 0 },
      ],
      unknownFields: [],
    })
  })

  it('says why data is undecodable', () => {
    const junk = hex('3f')
    const reason = 'invalid wire type 7 at offset 1'
    assert.deepEqual(decodePayload(0, junk), { kind: 'undecodable', reason, at: 1, bytes: junk })
    assert.deepEqual(decodePayload(1, junk), { kind: 'undecodable', reason, at: 1, bytes: junk })
    const future = decodePayload(7, junk)
    assert.ok(future.kind === 'undecodable' && future.reason === 'unknown entry type 7')
  })

  it('never throws for any data', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 3 }),
        fc.uint8Array({ maxLength: 80 }),
        (type, data) => {
          decodePayload(type, data)
        },
      ),
      { numRuns: 2000 },
    )
  })

  it('never throws for damaged requests', () => {
    const entries = fc.constantFrom(...DUMP_LOGS_ENTRIES)
    fc.assert(
      fc.property(entries, fc.nat(), fc.nat(255), fc.boolean(), ({ type, data }, at, byte, cut) => {
        const damaged = cut ? data.slice(0, at % data.length) : data.slice()
        damaged[at % data.length] = byte
        decodePayload(type, damaged)
      }),
      { numRuns: 2000 },
    )
  })
})
