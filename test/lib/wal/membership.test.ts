import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { committedMembership } from '../../../src/lib/member/wal.ts'
import type { ConfState } from '../../../src/lib/proto/conf-state.ts'
import { etcdserverpb, raftpb } from '../../../src/lib/proto/generated/etcd.js'
import type { Member } from '../../../src/lib/proto/member.ts'
import { MembershipLog } from '../../../src/lib/wal/membership.ts'
import { decodePayload } from '../../../src/lib/wal/payload.ts'
import { scanSegments } from '../../support/scan.ts'
import { SegmentWriter } from '../../support/wal-bytes.ts'

const ADD = 0
const REMOVE = 1
const UPDATE = 2
const ADD_LEARNER = 3

/** The data of a ConfChange, with the context that etcd writes as JSON. */
function change(type: number, node_id: number, context?: object): Uint8Array {
  const bytes = context ? Buffer.from(JSON.stringify(context)) : new Uint8Array()
  return raftpb.ConfChange.encode({ id: 0, type, node_id, context: bytes }).finish()
}

const add = (id: number, more: object = {}) =>
  change(ADD, id, { id, peerURLs: [`http://${id}:2380`], ...more })
const addLearner = (id: number) =>
  change(ADD_LEARNER, id, { id, peerURLs: [`http://${id}:2380`], isLearner: true })
const promote = (id: number) => change(ADD, id, { id, peerURLs: null, isPromote: true })
const update = (id: number, ...peerURLs: string[]) => change(UPDATE, id, { id, peerURLs })
const remove = (id: number) => change(REMOVE, id)

const attributesV2 = (id: number, name: string) =>
  etcdserverpb.Request.encode({
    ID: 9,
    Method: 'PUT',
    Path: `/0/members/${id.toString(16)}/attributes`,
    Val: Buffer.from(JSON.stringify({ name, clientURLs: [`http://${id}:2379`] })),
  }).finish()

const attributesV3 = (id: number, name: string) =>
  etcdserverpb.InternalRaftRequest.encode({
    header: { ID: 9 },
    cluster_member_attr_set: {
      member_ID: id,
      member_attributes: { name, client_urls: [`http://${id}:2379`] },
    },
  }).finish()

const versionV2 = (ver: string) =>
  etcdserverpb.Request.encode({
    ID: 9,
    Method: 'PUT',
    Path: '/0/version',
    Val: Buffer.from(ver),
  }).finish()

const versionV3 = (ver: string) =>
  etcdserverpb.InternalRaftRequest.encode({
    header: { ID: 9 },
    cluster_version_set: { ver },
  }).finish()

/** A log of these entries, from index 1 on. */
function logOf(...entries: readonly (readonly [type: number, data: Uint8Array])[]): MembershipLog {
  const log = new MembershipLog()
  for (const [at, [type, data]] of entries.entries()) {
    log.add(at + 1, decodePayload(type, data), data.length)
  }
  return log
}

const changes = (...all: readonly Uint8Array[]) => logOf(...all.map((data) => [1, data] as const))

function conf(voters: number[], learners: number[]): ConfState {
  return { voters, learners, votersOutgoing: [], learnersNext: [], autoLeave: false }
}

function member(id: number, more: object = {}): object {
  return { id, peerUrls: [`http://${id}:2380`], clientUrls: [], isLearner: false, ...more }
}

describe('MembershipLog', () => {
  it('adds members and learners', () => {
    const { members, removedMembers } = changes(
      add(2),
      addLearner(1),
      add(3, { name: 'm3' }),
    ).replay({}, 0, 3)
    assert.deepEqual(members, [
      member(1, { isLearner: true }),
      member(2),
      member(3, { name: 'm3' }),
    ])
    assert.deepEqual(removedMembers, [])
  })

  it('promotes a learner, and keeps what is known of it', () => {
    const log = logOf([1, addLearner(1)], [0, attributesV3(1, 'm1')], [1, promote(1)])
    assert.deepEqual(log.replay({}, 0, 3).members, [
      member(1, { name: 'm1', clientUrls: ['http://1:2379'] }),
    ])
    assert.deepEqual(log.replay({}, 0, 2).members, [
      member(1, { name: 'm1', clientUrls: ['http://1:2379'], isLearner: true }),
    ])
  })

  it('updates peer URLs, and nothing else', () => {
    const log = logOf(
      [1, add(1)],
      [0, attributesV2(1, 'm1')],
      [1, update(1, 'http://a', 'http://b')],
    )
    assert.deepEqual(log.replay({}, 0, 3).members, [
      member(1, { name: 'm1', clientUrls: ['http://1:2379'], peerUrls: ['http://a', 'http://b'] }),
    ])
  })

  it('removes members for good', () => {
    const { members, removedMembers } = changes(
      add(1),
      add(2),
      remove(2),
      remove(1),
      add(3),
    ).replay({}, 0, 5)
    assert.deepEqual(members, [member(3)])
    assert.deepEqual(removedMembers, [1, 2])
  })

  it('takes attributes and versions of both APIs', () => {
    for (const [attributes, version] of [
      [attributesV2, versionV2],
      [attributesV3, versionV3],
    ] as const) {
      const log = logOf(
        [1, add(0xabc)],
        [0, attributes(0xabc, 'first')],
        [0, version('3.4.0')],
        [0, attributes(0xabc, 'second')],
        [0, version('3.5.0')],
      )
      const told = log.replay({}, 0, 5)
      assert.deepEqual(told.members, [
        { ...member(0xabc), name: 'second', clientUrls: [`http://${0xabc}:2379`] },
      ])
      assert.equal(told.clusterVersion, '3.5.0')
      assert.equal(log.replay({}, 0, 3).clusterVersion, '3.4.0')
      assert.equal('clusterVersion' in log.replay({}, 0, 2), false)
    }
  })

  it('passes by attributes of nobody, and v2 requests about other things', () => {
    const v2 = (Method: string, Path: string, Val: string) =>
      etcdserverpb.Request.encode({ ID: 9, Method, Path, Val: Buffer.from(Val) }).finish()
    const log = logOf(
      [0, attributesV3(7, 'nobody')],
      [0, attributesV2(7, 'nobody')],
      [0, v2('DELETE', '/0/version', '3.9.0')],
      [0, v2('PUT', '/1/version', '3.9.0')],
      [0, v2('PUT', '/0/members/7/raftAttributes', '{}')],
      [0, v2('PUT', '/0/members/7/attributes', '{')],
      [0, versionV3('')],
    )
    const { members, removedMembers, clusterVersion } = log.replay({}, 0, 9)
    assert.deepEqual([members, removedMembers, clusterVersion], [[], [], undefined])
  })

  it('applies what lies behind the base and is committed, and no more', () => {
    const log = changes(add(1), add(2), remove(1), add(3))
    const ids = (after: number, upTo: number, base = {}) =>
      log.replay(base, after, upTo).members.map(({ id }) => id)
    assert.deepEqual(ids(0, 4), [2, 3])
    assert.deepEqual(ids(0, 2), [1, 2])
    assert.deepEqual(ids(0, 0), [])
    const base = { confState: conf([1, 9], [8]) }
    assert.deepEqual(ids(2, 3, base), [8, 9])
    assert.deepEqual(
      log.replay(base, 2, 2).members.map(({ id, isLearner }) => [id, isLearner]),
      [
        [1, false],
        [8, true],
        [9, false],
      ],
    )
  })

  it('lets the last entry of an index count', () => {
    const log = changes(add(1), add(2), add(3))
    log.add(2, decodePayload(1, add(7)), 9)
    assert.deepEqual(
      log.replay({}, 0, 9).members.map(({ id }) => id),
      [1, 7],
    )
    log.voidFrom(2)
    assert.deepEqual(
      log.replay({}, 0, 9).members.map(({ id }) => id),
      [1],
    )
    log.voidFrom(1)
    assert.deepEqual(log.replay({}, 0, 9).members, [])
  })

  it('refuses what servers refuse, although it is in the log', () => {
    // ValidateConfigurationChange in server/etcdserver/api/membership/cluster.go @ v3.6.14: such an
    // entry changes nothing when it is applied.
    const ids = (...all: Uint8Array[]) => {
      const { members, removedMembers } = changes(...all).replay({}, 0, all.length)
      return [members.map(({ id }) => id), removedMembers]
    }
    assert.deepEqual(ids(add(1), remove(2)), [[1], []], 'to remove one who is not there')
    assert.deepEqual(ids(add(1), remove(1), add(1)), [[], [1]], 'to add one who was removed')
    assert.deepEqual(
      ids(add(1), update(2, 'http://x')),
      [[1], []],
      'to update one who is not there',
    )
    assert.deepEqual(ids(add(1), promote(2)), [[1], []], 'to promote one who is not there')
    const again = changes(add(1), change(ADD, 1, { id: 1, peerURLs: ['http://x'] })).replay(
      {},
      0,
      2,
    )
    assert.deepEqual(again.members, [member(1)], 'to add one who is there')
    const peer = { peerURLs: ['http://1:2380'] }
    assert.deepEqual(ids(add(1), change(ADD, 2, { id: 2, ...peer })), [[1], []], 'to share a URL')
    const moved = changes(add(1), add(2), update(2, 'http://1:2380')).replay({}, 0, 3)
    assert.deepEqual(moved.members, [member(1), member(2)], 'to move to the URL of another')
    assert.deepEqual(changes(add(1), update(1, 'http://1:2380')).replay({}, 0, 2).members, [
      member(1),
    ])
    const voter = changes(add(1), promote(1)).replay({}, 0, 2)
    assert.deepEqual(voter.members, [member(1)])
    assert.deepEqual(ids(addLearner(1), addLearner(2)), [[1], []], 'to have two learners')
    assert.deepEqual(ids(addLearner(1), promote(1), addLearner(2)), [[1, 2], []])
  })

  it('lets in a second learner that has started, as --max-learners may', () => {
    const log = logOf([1, addLearner(1)], [1, addLearner(2)], [0, attributesV3(2, 'm2')])
    assert.deepEqual(log.replay({}, 0, 3).confState.learners, [1, 2])
  })

  it('tells who is changed behind an index', () => {
    const log = logOf([1, add(1)], [1, add(2)], [0, versionV3('3.5.0')], [0, attributesV2(1, 'm1')])
    assert.deepEqual(
      [...log.changedBehind(0)],
      [
        [1, 4],
        [2, 2],
      ],
    )
    assert.deepEqual([...log.changedBehind(2)], [[1, 4]])
    assert.deepEqual([...log.changedBehind(4)], [])
  })

  it('reads ids of all 64 bits', () => {
    const id = 0xfedc_ba98_7654_3210n
    const context = Buffer.from(`{"id":${id},"peerURLs":["http://x"]}`)
    // ConfChange {Type = 2, NodeID = 3, Context = 4}
    const data = Buffer.concat([
      Buffer.from('08001000189 0e4d0b287d3aeeefe01'.replace(' ', ''), 'hex'),
      Uint8Array.of(0x22, context.length),
      context,
    ])
    const { members } = changes(data).replay({}, 0, 1)
    assert.deepEqual(members, [{ id, peerUrls: ['http://x'], clientUrls: [], isLearner: false }])
  })

  it('leaves an EntryConfChangeV2 alone, as etcd cannot apply one', () => {
    const data = raftpb.ConfChangeV2.encode({ changes: [{ type: ADD, node_id: 5 }] }).finish()
    assert.deepEqual(logOf([2, data]).replay({}, 0, 1).members, [])
  })
})

describe("raft's configuration", () => {
  const confState = (log: MembershipLog, base = {}) => log.replay(base, 0, 99).confState

  it('has voters and learners apart, in the order of their ids', () => {
    assert.deepEqual(confState(changes(add(4), add(2), addLearner(3))), conf([2, 4], [3]))
    assert.deepEqual(
      confState(changes(add(4), addLearner(3), promote(3), remove(4))),
      conf([3], []),
    )
  })

  it('is kept apart from the list of members', () => {
    // Before 3.5.31 and 3.6.12 an update turned a learner of the list into a voter: raft knows.
    const members = [member(1), member(2)] as Member[]
    const base = { members, confState: conf([1], [2]) }
    const log = changes(update(2, 'http://x'), promote(2))
    assert.deepEqual(confState(log, base), conf([1], [2]), 'the promotion of a voter is refused')
  })
})

describe('committedMembership', () => {
  const log = () =>
    new SegmentWriter().metadata().snapshot(0, 0).entry(1, add(1), 1).entry(2, add(2), 1)
  const of = (writer: SegmentWriter) => {
    const { wal } = scanSegments(writer.bytes(16))
    return committedMembership(wal)
  }

  it('is that of the commit index, not of the end of the log', () => {
    const writer = log().entry(3, remove(1), 1)
    assert.deepEqual(of(writer.state(2))?.confState.voters, [1, 2])
    assert.deepEqual(of(writer.state(3))?.confState.voters, [2])
    assert.deepEqual(of(writer.state(3))?.removedMembers, [1])
    assert.equal(of(log()), undefined)
  })

  it('goes on from a snapshot record when the beginning of the log is gone', () => {
    const purged = () =>
      new SegmentWriter(5)
        .metadata()
        .state(9)
        .snapshot(9, 2, { voters: [1, 2], learners: [3] })
    assert.deepEqual(of(purged())?.confState, {
      voters: [1, 2],
      learners: [3],
      votersOutgoing: [],
      learnersNext: [],
      autoLeave: false,
    })
    const after = purged().entry(10, promote(3), 1).entry(11, remove(1), 1).state(11)
    assert.deepEqual(of(after)?.confState.voters, [2, 3])
    assert.deepEqual(of(after)?.removedMembers, [1])
    // Up to 3.4 such a record names nobody.
    assert.equal(of(new SegmentWriter(5).metadata().snapshot(9).entry(10).state(10)), undefined)
  })

  it('does not pass over changes that lie in a gap', () => {
    // The leader sent a snapshot of index 9: what changed between 3 and 9 is not in this log.
    const conf = { voters: [2, 4] }
    const withConf = log().entries(3, 3).snapshot(9, 2, conf).entries(10, 10).state(10)
    assert.deepEqual(of(withConf)?.confState.voters, [2, 4])
    assert.deepEqual(of(withConf)?.removedMembers, [1])
    const [known] = of(withConf)?.members ?? []
    assert.deepEqual(known, member(2))
    const without = log().entries(3, 3).snapshot(9).entries(10, 10).state(10)
    assert.equal(of(without), undefined)
    const later = log().snapshot(9, 2, conf).entry(10, remove(4), 1).state(10)
    assert.deepEqual(of(later)?.confState.voters, [2])
  })
})
