import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Findings } from '../../../src/lib/findings/findings.ts'
import type { DbMembership, MemberFiles } from '../../../src/lib/member/member-files.ts'
import { membersBySource } from '../../../src/lib/member/members-by-source.ts'
import type { ConfState } from '../../../src/lib/proto/conf-state.ts'
import { raftpb } from '../../../src/lib/proto/generated/etcd.js'
import type { Member } from '../../../src/lib/proto/member.ts'
import type { SnapFile } from '../../../src/lib/snap/snap-file.ts'
import { scanSegments } from '../../support/scan.ts'
import { SegmentWriter } from '../../support/wal-bytes.ts'

const ADD = 0
const REMOVE = 1

function member(id: number, more: Partial<Member> = {}): Member {
  const peerUrls = [`http://${id}:2380`]
  return { id, name: `m${id}`, peerUrls, clientUrls: [], isLearner: false, ...more }
}

function conf(voters: number[], learners: number[] = []): ConfState {
  return { voters, learners, votersOutgoing: [], learnersNext: [], autoLeave: false }
}

/** A .snap of index 10. */
function snap(members: readonly Member[], confState: ConfState): SnapFile {
  const store = { members, removedMembers: [], userKeys: [] }
  return { path: 'a.snap', bytes: 1, index: 10, term: 2, confState, store, loadable: true }
}

function db(consistentIndex: number, members: Member[], more: Partial<DbMembership> = {}) {
  const version = { clusterVersion: '3.5.0', term: 2 }
  return { path: 'db', consistentIndex, members, removedMembers: [], ...version, ...more }
}

function wal(writer: SegmentWriter) {
  return scanSegments(writer.bytes(16)).wal
}

function change(type: number, id: number): Uint8Array {
  const context = Buffer.from(JSON.stringify({ id, peerURLs: [`http://${id}:2380`] }))
  return raftpb.ConfChange.encode({ id: 0, type, node_id: id, context }).finish()
}

/** A WAL that goes on behind the .snap of index 10. */
function behind(...entries: readonly (Uint8Array | undefined)[]): SegmentWriter {
  const writer = new SegmentWriter(5).metadata().snapshot(10, 2, { voters: [1, 2] })
  for (const [at, data] of entries.entries()) writer.entry(11 + at, data, data ? 1 : 0)
  return writer.state(10 + entries.length)
}

/** Findings as `id severity message`, and what is normal as `source reason`. */
function judged(files: Omit<MemberFiles, 'path' | 'type'>) {
  const findings = new Findings()
  const { members } = membersBySource({ path: 'dir', type: 'data-dir', ...files }, findings)
  return {
    found: findings.list.map(({ id, severity }) => `${id} ${severity}`),
    messages: findings.list.map(({ message }) => message),
    normal: members.flatMap(({ disagreements }) =>
      disagreements.filter(({ id }) => id === undefined).map(({ source }) => source),
    ),
    roles: members.map(({ id, sources }) => [id, ...[...sources.values()].map(({ role }) => role)]),
  }
}

const both = [member(1), member(2)]
const base = snap(both, conf([1, 2]))

describe('members by source', () => {
  it('agree', () => {
    const files = { snap: base, wal: wal(behind(undefined)), db: db(11, both) }
    assert.deepEqual(judged(files), {
      found: [],
      messages: [],
      normal: [],
      roles: [1, 2].map((id) => [id, 'voter', 'voter', 'voter', 'voter', 'voter']),
    })
  })

  it('names a member that only the db has a zombie: a warning up to 3.5, from 3.6 on an error', () => {
    const zombie = [...both, member(7)]
    const files = { snap: base, wal: wal(behind(undefined)) }
    const old = judged({ ...files, db: db(11, zombie) })
    assert.deepEqual(old.found, ['MEMBER_ZOMBIE warning'])
    assert.match(old.messages[0] ?? '', /^member 0000000000000007 \(m7\): the db, as of index 11, /)
    const since36 = judged({ ...files, db: db(11, zombie, { storageVersion: '3.6.0' }) })
    assert.deepEqual(since36.found, ['MEMBER_ZOMBIE error'])
  })

  it('finds one who was removed and is in the db still', () => {
    const writer = behind(change(REMOVE, 2), undefined)
    const { found } = judged({ snap: base, wal: wal(writer), db: db(12, both) })
    assert.deepEqual(found, ['MEMBER_ZOMBIE warning'])
  })

  it('takes a db that has not applied the change yet as normal', () => {
    const writer = behind(undefined, change(REMOVE, 2))
    const late = judged({ snap: base, wal: wal(writer), db: db(11, both) })
    assert.deepEqual([late.found, late.normal], [[], []])
    // Up to 3.4 the consistent index lags: the bucket may have what it does not tell yet.
    const early = judged({ snap: base, wal: wal(writer), db: db(11, [member(1)]) })
    assert.deepEqual([early.found, early.normal], [[], ['dbMembers']])
  })

  it('finds members that the db lacks, or has among the removed', () => {
    const files = { snap: base, wal: wal(behind(undefined)) }
    assert.deepEqual(judged({ ...files, db: db(11, [member(1)]) }).found, [
      'MEMBER_MISSING warning',
    ])
    const removed = db(11, [member(1)], { removedMembers: [2] })
    assert.deepEqual(judged({ ...files, db: removed }).found, ['MEMBER_REMOVED warning'])
  })

  it('finds learners that only raft has promoted, and voters that only a list has', () => {
    const learner = [member(1), member(2, { isLearner: true })]
    const files = { snap: base, wal: wal(behind(undefined)) }
    assert.deepEqual(judged({ ...files, db: db(11, learner) }).found, [
      'MEMBER_NOT_PROMOTED warning',
    ])
    const learning = { snap: snap(learner, conf([1], [2])), wal: files.wal }
    // The snapshot record of this WAL has member 2 as a voter, too.
    assert.deepEqual(judged({ ...learning, db: db(11, both) }).found, [
      'MEMBER_CONF_STATES warning',
      'MEMBER_LEARNER_LOST warning',
    ])
  })

  it('compares the v2 store with the configuration in the same .snap', () => {
    const split = snap([member(1), member(3)], conf([1, 2]))
    assert.deepEqual(judged({ snap: split }).found, ['MEMBER_MISSING error', 'MEMBER_ZOMBIE error'])
  })

  it('finds other names and URLs in the db, and takes unpublished ones as normal', () => {
    const files = { snap: base, wal: wal(behind(undefined)) }
    const moved = [member(1), member(2, { peerUrls: ['http://9'] })]
    assert.deepEqual(judged({ ...files, db: db(11, moved) }).found, ['MEMBER_ATTRIBUTES warning'])
    const { name: _, ...nameless } = member(2)
    assert.deepEqual(judged({ ...files, db: db(11, [member(1), nameless]) }).found, [
      'MEMBER_ATTRIBUTES warning',
    ])
    const restored = snap([member(1), nameless], conf([1, 2]))
    const fresh = judged({ snap: restored, wal: files.wal, db: db(11, both) })
    assert.deepEqual([fresh.found, fresh.normal], [[], ['dbMembers']])
  })

  it("takes whatever the db's ConfState says as normal", () => {
    const files = { snap: base, wal: wal(behind(undefined)) }
    const stale = judged({ ...files, db: db(11, both, { confState: conf([8]) }) })
    assert.deepEqual(stale.found, [])
    assert.deepEqual(stale.normal, ['dbConfState', 'dbConfState', 'dbConfState'])
    const alone = judged({ db: db(11, both, { confState: conf([1]) }) })
    assert.deepEqual([alone.found, alone.normal], [[], ['dbMembers']])
  })

  it('does not compare what lies before the .snap, or behind damage', () => {
    const files = { snap: base, wal: wal(behind(undefined)) }
    assert.deepEqual(judged({ ...files, db: db(3, [member(5)]) }).found, [])
    assert.deepEqual(judged({ ...files, db: db(99, [member(5)]) }).found, [])
  })

  it('follows a log without a .snap from its first entry', () => {
    const writer = new SegmentWriter().metadata().snapshot(0, 0)
    const log = writer.entry(1, change(ADD, 1), 1).entry(2, change(ADD, 2), 1).state(2)
    const { roles, found } = judged({ wal: wal(log), db: db(2, both) })
    assert.deepEqual(roles, [
      [1, 'voter', 'voter'],
      [2, 'voter', 'voter'],
    ])
    assert.deepEqual(found, [])
  })
})
