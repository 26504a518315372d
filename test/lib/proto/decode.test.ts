import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import protobuf from 'protobufjs/minimal.js'
import { decode, type MessageType } from '../../../src/lib/proto/decode.ts'
import { etcdserverpb, raftpb, walpb } from '../../../src/lib/proto/generated/etcd.js'

const hex = (text: string) => Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'))

function decoded<T extends object>(type: MessageType<T>, bytes: Uint8Array) {
  const result = decode(type, bytes)
  assert.ok(result.ok, JSON.stringify(result))
  return result
}

describe('decode', () => {
  it('reads the golden messages of real servers', () => {
    const metadata = decoded(
      etcdserverpb.Metadata,
      hex('08 dfb2da8ac7a9a3d9c001 10 c2d1c1d9d2fabcb82d'),
    )
    assert.equal(String(metadata.message.NodeID), String(0xc0b28d4c7156995fn))
    assert.equal(String(metadata.message.ClusterID), String(0x2d70f3d52b3068c2n))

    const record = decoded(walpb.Record, hex('08 05 10 a0efc5d70d 1a 04 08 00 10 00'))
    assert.equal(String(record.message.type), '5')
    assert.equal(record.message.crc, 0xdaf177a0)
    assert.deepEqual(record.message.data, hex('08 00 10 00'))
  })

  it('keeps enum numbers that have no name', () => {
    const { message, unknownFields } = decoded(raftpb.Entry, hex('08 07 10 02'))
    assert.equal(message.Type, 7)
    assert.deepEqual(unknownFields, [])
    const alarm = decoded(etcdserverpb.AlarmRequest, hex('08 03 10 04 18 05')).message
    assert.deepEqual([alarm.action, alarm.alarm], [3, 5])
    const negative = decoded(raftpb.ConfChange, hex('10 ffffffffffffffffff01')).message
    assert.equal(negative.type, -1)
  })

  it('shows which fields are present, even when they are zero', () => {
    const { message } = decoded(raftpb.HardState, hex('08 00 18 02'))
    assert.deepEqual(Object.keys(message), ['term', 'commit'])
  })

  it('reads repeated fields packed and unpacked, and writes them unpacked', () => {
    const unpacked = hex('08 01 08 ac02')
    for (const bytes of [unpacked, hex('0a 03 01 ac02'), hex('08 01 0a 02 ac02')]) {
      assert.deepEqual(decoded(raftpb.ConfState, bytes).message.voters?.map(String), ['1', '300'])
    }
    assert.deepEqual(
      Uint8Array.from(raftpb.ConfState.encode({ voters: [1, 300] }).finish()),
      unpacked,
    )
  })

  it('lists unknown fields with their path, and writes them back', () => {
    const bytes = hex('32 06 12 04 f201 01 ff c83e 05')
    const { message, unknownFields } = decoded(etcdserverpb.InternalRaftRequest, bytes)
    assert.deepEqual(unknownFields, [
      { path: '', number: 1001, wireType: 0, bytes: hex('05') },
      { path: 'txn.success[0]', number: 30, wireType: 2, bytes: hex('ff') },
    ])
    assert.deepEqual(
      Uint8Array.from(etcdserverpb.InternalRaftRequest.encode(message).finish()),
      bytes,
    )
  })

  it('hands out views of the input, not copies', () => {
    const bytes = hex('0a 01 6b 12 01 76 fa01 01 ff')
    const { message, unknownFields } = decoded(etcdserverpb.PutRequest, bytes)
    for (const view of [message.key, message.value, unknownFields[0]?.bytes]) {
      assert.equal(view?.buffer, bytes.buffer)
    }
  })

  it('refuses a known field with another wire type, as gogo does', () => {
    assert.deepEqual(decode(raftpb.HardState, hex('08 01 12 01 00')), {
      ok: false,
      at: 2,
      reason: 'wrong wire type 2 for field 2',
    })
    // "POST" is a well-formed group to protobufjs, which alone would take this v2 request for v3.
    assert.ok(!decode(etcdserverpb.InternalRaftRequest, hex('08 01 12 04 504f5354')).ok)
  })

  it('takes the deepest txn anybody would nest, and refuses to run out of stack', () => {
    const nested = (levels: number) => {
      let bytes = Buffer.alloc(0)
      const wrap = (tag: number) => {
        bytes = Buffer.from(protobuf.Writer.create().uint32(tag).bytes(bytes).finish())
      }
      for (let level = 0; level < levels; level += 1) {
        wrap(0x22)
        wrap(0x12)
      }
      return bytes
    }
    assert.ok(decode(etcdserverpb.TxnRequest, nested(400)).ok)
    const result = decode(etcdserverpb.TxnRequest, nested(5000))
    assert.ok(!result.ok && result.reason === 'max depth exceeded')
  })

  it('refuses a message that would fill the memory', () => {
    const flood = new Uint8Array(4 << 20).map((_, index) => (index % 2 ? 0 : 0x0a))
    const packed = Uint8Array.of(
      0x0a,
      ...protobuf.Writer.create()
        .uint32(4 << 20)
        .finish(),
    )
    const bomb = Buffer.concat([packed, new Uint8Array(4 << 20)])
    for (const result of [decode(etcdserverpb.TxnRequest, flood), decode(raftpb.ConfState, bomb)]) {
      assert.ok(!result.ok && result.reason === 'more than 524288 fields')
    }
  })

  it('names where reading stopped', () => {
    const cases: [type: MessageType<object>, bytes: string, at: number, reason: string][] = [
      [walpb.Record, '3f', 1, 'invalid wire type 7 at offset 1'],
      [walpb.Record, '08', 1, 'unexpected EOF'],
      [walpb.Record, '08 01 1a 05 00', 4, 'unexpected EOF'],
      [walpb.Record, '00 01', 1, 'illegal tag: field number 0'],
    ]
    for (const [type, bytes, at, reason] of cases) {
      assert.deepEqual(decode(type, hex(bytes)), { ok: false, at, reason })
    }
  })

  it('never throws for any bytes', () => {
    const types: MessageType<object>[] = [
      etcdserverpb.InternalRaftRequest,
      etcdserverpb.Request,
      raftpb.Snapshot,
      walpb.Record,
    ]
    fc.assert(
      fc.property(fc.constantFrom(...types), fc.uint8Array({ maxLength: 64 }), (type, bytes) => {
        const result = decode(type, bytes)
        if (!result.ok) assert.ok(result.at <= bytes.length + 1 && result.reason !== '')
      }),
      { numRuns: 2000 },
    )
  })
})
