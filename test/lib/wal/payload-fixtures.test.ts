import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import type protobuf from 'protobufjs/minimal.js'
import { decode, type MessageType } from '../../../src/lib/proto/decode.ts'
import { etcdserverpb, raftpb, walpb } from '../../../src/lib/proto/generated/etcd.js'
import { entryDetail } from '../../../src/lib/report/entry-detail.ts'
import { toJson } from '../../../src/lib/report/json.ts'
import { decodePayload } from '../../../src/lib/wal/payload.ts'

const fixtures = join(dirname(fileURLToPath(import.meta.url)), '../../fixtures')

/** The records of a segment a server wrote; frames as in server/storage/wal/encoder.go @ v3.6.14. */
function* records(segment: Uint8Array): Generator<walpb.Record.$Properties> {
  const view = new DataView(segment.buffer, segment.byteOffset, segment.byteLength)
  for (let at = 0; at + 8 <= segment.length; ) {
    const bytes = view.getUint32(at, true)
    const padding = view.getUint8(at + 7) & 7
    if (bytes === 0) return
    yield roundTrip(walpb.Record, segment.subarray(at + 8, at + 8 + bytes))
    at += 8 + bytes + padding
  }
}

interface Codec<T> extends MessageType<T> {
  encode(message: T): protobuf.Writer
}

/** Decodes a message in which our .proto files must find every field, and write each back. */
function roundTrip<T extends object>(codec: Codec<T>, bytes: Uint8Array): T {
  const decoded = decode(codec, bytes)
  assert.ok(decoded.ok, Buffer.from(bytes).toString('hex'))
  assert.deepEqual(decoded.unknownFields, [])
  assert.deepEqual(Buffer.from(codec.encode(decoded.message).finish()), Buffer.from(bytes))
  return decoded.message
}

describe('the messages of real servers', () => {
  const segments = readdirSync(fixtures, { recursive: true, encoding: 'utf8' }).filter((path) =>
    path.endsWith('.wal'),
  )
  for (const path of segments) {
    it(`of ${path} are known whole, and written back byte for byte`, () => {
      for (const { type, data } of records(new Uint8Array(readFileSync(join(fixtures, path))))) {
        if (Number(type) === 1) roundTrip(etcdserverpb.Metadata, data ?? new Uint8Array())
        if (Number(type) === 3) roundTrip(raftpb.HardState, data ?? new Uint8Array())
        if (Number(type) === 5) roundTrip(walpb.Snapshot, data ?? new Uint8Array())
        if (Number(type) === 2) checkEntry(roundTrip(raftpb.Entry, data ?? new Uint8Array()))
      }
    })
  }
})

function checkEntry({ Type, Data }: raftpb.Entry.$Properties): void {
  const data = Data ?? new Uint8Array()
  const payload = decodePayload(Type ?? 0, data)
  if (payload.kind === 'request') roundTrip(etcdserverpb.InternalRaftRequest, data)
  if (payload.kind === 'v2Request') roundTrip(etcdserverpb.Request, data)
  if (payload.kind === 'confChange') roundTrip(raftpb.ConfChange, data)
  assert.ok(payload.kind !== 'undecodable')
  assert.ok(payload.kind !== 'request' || payload.name !== 'unknown')
  assert.ok(payload.kind !== 'confChange' || payload.context?.complete !== false)
  assert.doesNotThrow(() => toJson(entryDetail(payload, { values: 'json' })))
}
