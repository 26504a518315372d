import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { etcdserverpb, raftpb } from '../../../src/lib/proto/generated/etcd.js'
import { parseJson } from '../../../src/lib/proto/json.ts'
import type { Disclosure } from '../../../src/lib/report/bytes.ts'
import { entryDetail } from '../../../src/lib/report/entry-detail.ts'
import { toJson } from '../../../src/lib/report/json.ts'
import { decodePayload } from '../../../src/lib/wal/payload.ts'
import { DUMP_LOGS_ENTRIES } from '../wal/dump-logs-entries.ts'

const utf8 = (text: string) => new TextEncoder().encode(text)
const hex = (text: string) => Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'))

function detailOf(
  request: etcdserverpb.InternalRaftRequest.$Properties,
  disclosure?: Disclosure,
): unknown {
  const data = etcdserverpb.InternalRaftRequest.encode(request).finish()
  return entryDetail(decodePayload(0, data), disclosure).detail
}

describe('entryDetail', () => {
  it('says of the entries of etcd-dump-logs what dump-logs.ndjson has', () => {
    const file = new URL('dump-logs.ndjson', import.meta.url)
    const lines = DUMP_LOGS_ENTRIES.map(({ type, data }) =>
      toJson(entryDetail(decodePayload(type, data))),
    )
    const text = `${lines.join('\n')}\n`
    if (process.env.UPDATE_GOLDEN) writeFileSync(file, text)
    assert.equal(text, readFileSync(file, 'utf8'))
  })

  it('shows an empty entry as noop', () => {
    assert.deepEqual(entryDetail(decodePayload(0, new Uint8Array())), {
      request: 'noop',
      detail: {},
    })
  })

  it('shows a txn as Kubernetes writes them', () => {
    const key = utf8('/registry/leases/a')
    const txn = {
      compare: [{ target: 2, key, mod_revision: 0 }],
      success: [{ request_put: { key, value: utf8('v'), lease: 0x3916a204 } }],
      failure: [{ request_range: { key } }, { request_txn: {} }, {}],
    }
    assert.deepEqual(detailOf({ txn }), {
      compare: [
        { target: 'MOD', result: 'EQUAL', key: { text: '/registry/leases/a' }, modRevision: 0 },
      ],
      success: [
        {
          put: {
            key: { text: '/registry/leases/a' },
            value: { bytes: 1 },
            lease: '000000003916a204',
          },
        },
      ],
      failure: [{ range: { key: { text: '/registry/leases/a' } } }, { txn: {} }, {}],
    })
  })

  it('tells zero from absent in a compare', () => {
    const compare = [
      { target: 3, value: new Uint8Array() },
      { target: 4, lease: 0 },
      { target: 9 as number },
    ]
    assert.deepEqual(detailOf({ txn: { compare } }), {
      compare: [
        { target: 'VALUE', result: 'EQUAL', value: { bytes: 0 } },
        { target: 'LEASE', result: 'EQUAL', lease: '0000000000000000' },
        { target: 9, result: 'EQUAL' },
      ],
    })
  })

  it('names the user, and shows the id of a header only when it is another', () => {
    const put = { key: utf8('a') }
    const header = { ID: 7, username: 'root', auth_revision: 2 }
    const user = { username: 'root', authRevision: 2 }
    assert.deepEqual(detailOf({ header, put }), { key: { text: 'a' }, header: user })
    assert.deepEqual(detailOf({ ID: 8, header, put }), {
      key: { text: 'a' },
      header: { id: '0000000000000007', ...user },
    })
    assert.deepEqual(detailOf({ header: { ID: 7 }, put }), { key: { text: 'a' } })
  })

  it('shows what a server would ignore', () => {
    const put = { key: utf8('a') }
    const ignored = { put: { key: { text: 'a' } } }
    assert.deepEqual(detailOf({ range: {}, put }), { ignored })
    assert.deepEqual(detailOf({ v2: { Path: '/1/a' }, put }), { path: '/1/a', ignored })
  })

  it('lists unknown fields with their place', () => {
    const payload = decodePayload(0, hex('08 01 22 06 0a 01 61 9a 06 00 c8 3e 05'))
    const unknown = [
      { field: 1001, wireType: 0, bytes: 1 },
      { path: 'put', field: 99, wireType: 2, bytes: 0 },
    ]
    assert.deepEqual(entryDetail(payload), {
      request: 'put',
      requestId: '0000000000000001',
      detail: { key: { text: 'a' }, unknownFields: unknown },
    })
    const { detail } = entryDetail(payload, { values: 'hex', showSecrets: true })
    assert.deepEqual(detail.unknownFields, [
      { ...unknown[0], hex: '05' },
      { ...unknown[1], hex: '' },
    ])
  })

  it('shows a membership change with its member', () => {
    const context = utf8('{"id":13885315960595192159,"peerURLs":["http://a"],"isLearner":true}')
    const change = { id: 5, type: 3, node_id: 1, context }
    const payload = decodePayload(1, raftpb.ConfChange.encode(change).finish())
    assert.deepEqual(entryDetail(payload), {
      request: 'confChange',
      requestId: '0000000000000005',
      detail: {
        type: 'ConfChangeAddLearnerNode',
        nodeId: '0000000000000001',
        member: { id: 'c0b28d4c7156995f', peerUrls: ['http://a'], isLearner: true },
      },
    })
  })

  it('shows a context in full when it holds more than a member', () => {
    const context = (text: string) => {
      const data = raftpb.ConfChange.encode({ context: utf8(text) }).finish()
      const { type, nodeId, ...rest } = entryDetail(decodePayload(1, data)).detail
      return rest
    }
    assert.deepEqual(context('what?'), { context: { text: 'what?' } })
    assert.deepEqual(context('{"name":"m1","x":1}'), {
      member: { name: 'm1' },
      context: { text: '{"name":"m1","x":1}' },
    })
  })

  it('shows joint membership changes', () => {
    const data = raftpb.ConfChangeV2.encode({ transition: 1, changes: [{ type: 1, node_id: 2 }] })
    assert.deepEqual(entryDetail(decodePayload(2, data.finish())), {
      request: 'confChangeV2',
      detail: {
        transition: 'ConfChangeTransitionJointImplicit',
        changes: [{ type: 'ConfChangeRemoveNode', nodeId: '0000000000000002' }],
      },
    })
  })

  it('keeps secrets, v2 users included', () => {
    const secret = fc.stringMatching(/^[!-~]{12,20}$/)
    fc.assert(
      fc.property(secret, (word) => {
        const v2 = { Method: 'PUT', Path: '/2/users/root', Val: utf8(word), PrevValue: utf8(word) }
        const requests: etcdserverpb.InternalRaftRequest.$Properties[] = [
          { auth_user_add: { name: 'u', password: word, hashedPassword: word } },
          { auth_user_change_password: { name: 'u', password: word, hashedPassword: word } },
          { authenticate: { name: 'u', password: word, simple_token: word } },
          { v2 },
        ]
        const quoted = JSON.stringify(word).slice(1, -1)
        for (const request of requests) {
          const shown = (disclosure: Disclosure) => toJson(detailOf(request, disclosure))
          assert.ok(!shown({ values: 'text' }).includes(quoted))
          assert.ok(shown({ values: 'text', showSecrets: true }).includes(quoted))
        }
      }),
    )
  })

  it('shows bytes it cannot read only to those who may see secrets', () => {
    const junk = Uint8Array.of(0x3f)
    const shown = (disclosure: Disclosure) =>
      entryDetail(decodePayload(0, junk), disclosure).detail.data
    assert.deepEqual(shown({ values: 'text' }), { bytes: 1 })
    assert.deepEqual(shown({ values: 'text', showSecrets: true }), { bytes: 1, text: '?' })
  })

  it('survives the way through bytes, detail and JSON', () => {
    const key = fc.uint8Array({ minLength: 1, maxLength: 8 })
    const { operation } = fc.letrec<{ operation: etcdserverpb.RequestOp.$Properties }>((tie) => ({
      operation: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        fc.record({ request_put: fc.record({ key, value: key }) }),
        fc.record({ request_delete_range: fc.record({ key, range_end: key }) }),
        fc.record({ request_txn: fc.record({ success: fc.array(tie('operation')) }) }),
      ),
    }))
    const puts = ({ request_put, request_txn }: etcdserverpb.RequestOp.$Properties): number =>
      request_put ? 1 : (request_txn?.success ?? []).reduce((sum, op) => sum + puts(op), 0)
    fc.assert(
      fc.property(operation, (op) => {
        const detail = detailOf({ txn: { success: [op] } }, { values: 'base64' })
        const json = toJson(detail)
        assert.equal(json.split('"put":').length - 1, puts(op))
        assert.deepEqual(parseJson(json), { ok: true, value: detail })
      }),
    )
  })
})
