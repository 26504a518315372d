import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { MemorySource } from '../../../src/lib/io/source.ts'
import { etcdserverpb, raftpb } from '../../../src/lib/proto/generated/etcd.js'
import { EntryCounts } from '../../../src/lib/wal/entry-counts.ts'
import { FrameReader } from '../../../src/lib/wal/frame-reader.ts'
import { decodePayload, type Payload } from '../../../src/lib/wal/payload.ts'
import { fixtureSegments } from '../../support/fixtures.ts'
import { framesOf, SegmentWriter, TYPE } from '../../support/wal-bytes.ts'

/** Counts the entries of a segment, and tells of which the payload was handed out. */
function counted(segment: Uint8Array): { counts: [string, number][]; decoded: Payload[] } {
  const counts = new EntryCounts()
  const decoded: Payload[] = []
  const frames = new FrameReader(new MemorySource('wal', segment))
  while (frames.read() === 'record') {
    if (frames.type !== TYPE.entry) continue
    assert.ok(frames.readEntry())
    const payload = counts.add(frames)
    if (payload) decoded.push(payload)
  }
  return { counts: [...counts.result()], decoded }
}

const nameOf = (payload: Payload) => (payload.kind === 'request' ? payload.name : payload.kind)

/** The same, by decoding all of them. */
function naive(segment: Uint8Array): { counts: [string, number][]; changes: number } {
  const counts: Record<string, number> = {}
  for (const { type, data } of framesOf(segment)) {
    if (type !== TYPE.entry) continue
    const { Type, Data } = raftpb.Entry.decode(data)
    const name = nameOf(decodePayload(Type, Data))
    counts[name] = (counts[name] ?? 0) + 1
  }
  const told = ['confChange', 'v2Request', 'clusterVersionSet', 'clusterMemberAttrSet']
  return {
    counts: Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1)),
    changes: told.reduce((sum, name) => sum + (counts[name] ?? 0), 0),
  }
}

describe('EntryCounts', () => {
  for (const version of ['3.3.25', '3.4.23', '3.5.30', '3.6.14', '3.7.1']) {
    it(`counts the entries of ${version} as if each were decoded`, () => {
      for (const { bytes } of fixtureSegments(version, 'cluster', 'm1')) {
        const expected = naive(bytes)
        const { counts, decoded } = counted(bytes)
        assert.deepEqual(counts, expected.counts)
        assert.ok(counts.length > 15)
        // All that can change who belongs to the cluster is handed out, every time.
        const changes = decoded.filter((payload) => /^(conf|v2|cluster)/.test(nameOf(payload)))
        assert.equal(changes.length, expected.changes)
      }
    })
  }

  it('counts what is out of the ordinary', () => {
    const request = (message: etcdserverpb.InternalRaftRequest.$Properties) =>
      etcdserverpb.InternalRaftRequest.encode(message).finish()
    const put = { key: Buffer.from('k') }
    const writer = new SegmentWriter()
      .entry(1)
      .entry(2, request({ put }))
      .entry(3, request({ put, lease_grant: { ID: 1 } }))
      .entry(4, request({ v2: { Method: 'PUT' } }))
      .entry(5, request({ header: { ID: 1 } }))
      .entry(6, Buffer.from('?'))
      .entry(7, Buffer.from('620100', 'hex'))
      .entry(8, Buffer.from('?'), 1)
      .entry(9, new Uint8Array(), 1)
      .entry(10, raftpb.ConfChangeV2.encode({}).finish(), 2)
      .entry(11, new Uint8Array(), 7)
    const segment = writer.bytes(16)
    assert.deepEqual(counted(segment).counts, naive(segment).counts)
    assert.deepEqual(Object.fromEntries(counted(segment).counts), {
      noop: 1,
      put: 2,
      v2Request: 1,
      unknown: 2,
      undecodable: 3,
      confChange: 1,
      confChangeV2: 1,
    })
  })
})
