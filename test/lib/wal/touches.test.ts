import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { etcdserverpb } from '../../../src/lib/proto/generated/etcd.js'
import {
  type KeySpan,
  keySpan,
  overlap,
  prefixSpan,
  spanOf,
} from '../../../src/lib/wal/key-span.ts'
import { decodePayload } from '../../../src/lib/wal/payload.ts'
import { type Access, touches } from '../../../src/lib/wal/touches.ts'

const utf8 = (text: string) => new TextEncoder().encode(text)
const zero = Uint8Array.of(0)

function requestTouches(
  request: etcdserverpb.InternalRaftRequest.$Properties,
  span: KeySpan,
  access?: Access,
): boolean {
  const data = etcdserverpb.InternalRaftRequest.encode(request).finish()
  return touches(decodePayload(0, data), span, access)
}

describe('key spans', () => {
  const key = fc.uint8Array({ maxLength: 4 }).map((bytes) => bytes.map((byte) => (byte % 4) + 252))
  const within = (bytes: Uint8Array, { start, end }: KeySpan) =>
    Buffer.compare(bytes, start) >= 0 && (!end || Buffer.compare(bytes, end) < 0)

  it('hold the keys they name', () => {
    fc.assert(
      fc.property(key, key, (a, b) => {
        assert.equal(within(b, keySpan(a)), Buffer.compare(a, b) === 0)
        assert.equal(within(b, prefixSpan(a)), Buffer.from(b).subarray(0, a.length).equals(a))
      }),
    )
  })

  it('overlap when a key is in both', () => {
    fc.assert(
      fc.property(key, key, key, key, (a, b, c, d) => {
        const one = { start: a, end: b }
        const other = { start: c, end: d }
        const either = Buffer.compare(a, c) > 0 ? a : c
        assert.equal(overlap(one, other), within(either, one) && within(either, other))
        assert.equal(overlap(one, other), overlap(other, one))
      }),
    )
  })

  it('read range_end as etcd does', () => {
    assert.ok(overlap(spanOf(utf8('a')), keySpan(utf8('a'))))
    assert.ok(!overlap(spanOf(utf8('a')), keySpan(utf8('aa'))))
    assert.ok(overlap(spanOf(utf8('a'), zero), keySpan(utf8('zz'))))
    assert.ok(!overlap(spanOf(utf8('b'), zero), keySpan(utf8('a'))))
    assert.ok(overlap(spanOf(utf8('a'), utf8('c')), keySpan(utf8('b'))))
    assert.ok(!overlap(spanOf(utf8('a'), utf8('c')), keySpan(utf8('c'))))
    assert.ok(!overlap(spanOf(utf8('c'), utf8('a')), keySpan(utf8('b'))))
  })
})

describe('touches', () => {
  const b = keySpan(utf8('b'))

  it('sees puts, deletes and ranges', () => {
    assert.ok(requestTouches({ put: { key: utf8('b') } }, b))
    assert.ok(!requestTouches({ put: { key: utf8('ba') } }, b))
    assert.ok(requestTouches({ put: { key: utf8('ba') } }, prefixSpan(utf8('b'))))
    assert.ok(requestTouches({ delete_range: { key: utf8('a'), range_end: utf8('c') } }, b))
    assert.ok(requestTouches({ delete_range: { key: zero, range_end: zero } }, b))
    assert.ok(requestTouches({ range: { key: utf8('b') } }, b))
    assert.ok(!requestTouches({ range: { key: utf8('b') } }, b, 'writes'))
    assert.ok(!requestTouches({ compaction: { revision: 1 } }, b))
  })

  it('sees every part of a txn, at any depth', () => {
    const put = { request_put: { key: utf8('b') } }
    assert.ok(requestTouches({ txn: { success: [put] } }, b, 'writes'))
    assert.ok(requestTouches({ txn: { failure: [put] } }, b, 'writes'))
    const nested = { request_txn: { failure: [{ request_txn: { success: [put] } }] } }
    assert.ok(requestTouches({ txn: { success: [nested] } }, b, 'writes'))
    const reads = {
      compare: [{ key: utf8('b') }],
      success: [{ request_range: { key: utf8('b') } }],
    }
    assert.ok(requestTouches({ txn: reads }, b))
    assert.ok(!requestTouches({ txn: reads }, b, 'writes'))
    assert.ok(requestTouches({ txn: { compare: [{ key: utf8('a'), range_end: zero }] } }, b))
  })

  it('takes v2 requests by their path', () => {
    const foo = keySpan(utf8('/1/foo'))
    const below = keySpan(utf8('/1/foo/bar'))
    const v2 = (request: etcdserverpb.Request.$Properties) => ({
      v2: { Path: '/1/foo', ...request },
    })
    assert.ok(requestTouches(v2({ Method: 'PUT' }), foo))
    assert.ok(requestTouches(v2({ Method: 'PUT' }), prefixSpan(utf8('/1/')), 'writes'))
    assert.ok(!requestTouches(v2({ Method: 'QGET' }), foo, 'writes'))
    assert.ok(!requestTouches(v2({ Method: 'DELETE' }), below))
    assert.ok(requestTouches(v2({ Method: 'DELETE', Recursive: true }), below, 'writes'))
  })

  it('sees nothing in what names no key', () => {
    for (const data of [utf8('?'), new Uint8Array()]) {
      assert.ok(!touches(decodePayload(0, data), { start: new Uint8Array() }))
    }
    assert.ok(!touches(decodePayload(1, new Uint8Array()), { start: new Uint8Array() }))
  })
})
