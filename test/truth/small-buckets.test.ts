/** What etcd keeps beside the keys, in every db and backup, against what the servers said. */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { BoltDb } from '../../src/lib/bolt/bolt-db.ts'
import { Findings } from '../../src/lib/findings/findings.ts'
import { FileSource } from '../../src/lib/io/file-source.ts'
import type { Member } from '../../src/lib/proto/member.ts'
import { hex16 } from '../../src/lib/proto/uint64.ts'
import { BUCKETS } from '../../src/lib/store/buckets.ts'
import { readSmallBuckets } from '../../src/lib/store/small-buckets.ts'
import { writtenBy } from '../../src/lib/store/written-by.ts'
import type { ClusterTruth } from '../fixtures/make/truth.ts'
import { listFixtures } from '../fixtures/open.ts'
import { fixture } from '../support/fixtures.ts'
import { type DataDirFixture, dataDirs } from './artefacts.ts'

function read(path: string) {
  const findings = new Findings()
  const source = new FileSource(path)
  try {
    const db = new BoltDb(source, findings)
    const store = readSmallBuckets((bucket) => db.rows(bucket), path, findings)
    return { store, findings, buckets: db.buckets.map(({ name }) => name) }
  } finally {
    source.close()
  }
}

type Read = ReturnType<typeof read>

function minorOf(version: string): number {
  return Number(version.split('.')[1])
}

for (const dataDir of dataDirs()) {
  const { state, truth, member, cluster } = dataDir
  const minor = minorOf(truth.etcd)

  describe(`${dataDir.name}/member/snap/db`, () => {
    const found = read(join(dataDir.path, 'member/snap/db'))
    const { store, findings, buckets } = found

    it('has the buckets of every server, and nothing unknown in them', () => {
      assert.deepEqual(buckets, BUCKETS)
      assert.deepEqual(store.unknownKeys, [])
      assert.equal(findings.of('error'), 0, JSON.stringify(findings.list))
      assert.deepEqual([...findings.counts.keys()].sort(), expectedIds(found))
    })

    it('has the schema of its server', () => {
      const since35 = minor >= 5
      assert.equal(store.clusterVersion, cluster.clusterVersion)
      assert.equal(store.confState !== undefined, since35)
      assert.equal(store.term !== undefined, since35)
      assert.equal(store.downgrade?.enabled ?? false, false)
      // A learner of 3.7 may not have come to write its own yet.
      if (store.storageVersion !== undefined || !member.isLearner) {
        assert.equal(store.storageVersion, minor >= 6 ? `3.${minor}.0` : undefined)
      }
      assert.deepEqual(writtenBy(store), {
        atLeast: `3.${minor}`,
        ...(since35 ? {} : { atMost: '3.4' }),
      })
    })

    it('knows the members', () => {
      const asked = cluster.members.map((each) => each.id).sort()
      const known = store.members.map(({ id }) => hex16(id)).sort()
      if (hasZombie(dataDir))
        assert.deepEqual(
          known.filter((id) => asked.includes(id)),
          state === 'restored' ? [] : asked,
        )
      else assert.deepEqual(known, asked)
      for (const each of store.members) checkMember(dataDir, each)
    })

    if (state === 'stopped') {
      it('has applied what the server said, in its term', () => {
        // Up to 3.4 only some entries write the index.
        const applied = Number(store.consistentIndex)
        if (minor >= 5) assert.equal(applied, Number(member.appliedIndex))
        else assert.ok(applied <= Number(member.appliedIndex))
        if (store.term !== undefined) assert.equal(store.term, Number(member.term))
      })

      it('has the leases, alarms, users and roles that the server listed', () => {
        checkCluster(found, cluster)
      })
    }
  })
}

for (const [version, scenario] of listFixtures()) {
  const { dir, truth } = fixture(version, scenario)
  for (const stage of truth.stages ?? []) {
    describe(`${version}/${scenario}/${stage.backup}`, () => {
      it('has what the server said when it was saved', () => {
        const found = read(join(dir, stage.backup))
        checkCluster(found, stage)
        const { store } = found
        assert.equal(store.clusterVersion, stage.clusterVersion)
        assert.equal(store.storageVersion, stage.storageVersion)
        assert.equal(store.term?.toString(), minorOf(version) >= 5 ? stage.term : undefined)
        assert.deepEqual(
          store.members.map(({ id }) => hex16(id)),
          [stage.memberId],
        )
      })
    })
  }
  if (truth.backup) {
    describe(`${version}/${scenario}/backup.db`, () => {
      it('has what the server listed', () => {
        const found = read(join(dir, 'backup.db'))
        checkCluster(found, truth.cluster)
        assert.equal(found.store.clusterVersion, truth.cluster.clusterVersion)
        assert.deepEqual(
          found.store.members.map(({ id, name }) => ({ id: hex16(id), name })),
          truth.cluster.members.map(({ id, name }) => ({ id, name })),
        )
      })
    })
  }
}

/** Alarms and auth are findings, because they come along with a restore. */
function expectedIds({ store }: Read): string[] {
  return [
    ...(store.alarms.length > 0 ? ['STORE_ALARM_NOSPACE'] : []),
    ...(store.auth.enabled ? ['STORE_AUTH_ENABLED'] : []),
  ]
}

function checkCluster({ store }: Read, { leases, alarms, auth }: Omit<ClusterTruth, 'keys'>): void {
  assert.equal(store.leases, leases.length)
  assert.deepEqual(
    store.alarms.map(({ memberId, alarm }) => ({ memberId: hex16(memberId), alarm })),
    alarms,
  )
  assert.equal(store.auth.enabled, auth.enabled)
  const names = (list: readonly { readonly name: string }[]) => list.map(({ name }) => name).sort()
  assert.deepEqual([...store.auth.users].sort(), names(auth.users))
  assert.deepEqual([...store.auth.roles].sort(), names(auth.roles))
}

/** A restore by 3.3 or 3.4 leaves the old members in the bucket, and adds no new ones. */
function hasZombie({ scenario, truth }: DataDirFixture): boolean {
  return scenario === 'restored' && minorOf(truth.etcd) < 5
}

function checkMember({ truth, cluster, state }: DataDirFixture, member: Member): void {
  const asked = cluster.members.find(({ id }) => id === hex16(member.id))
  if (asked === undefined) return
  assert.equal(member.isLearner, asked.isLearner)
  if (truth.etcd === '3.5.16') {
    // It keeps what is changed later in its v2 store alone: names, URLs.
    assert.ok(member.peerUrls.every((url) => asked.peerUrls.includes(url)))
    return
  }
  assert.deepEqual(member.peerUrls, asked.peerUrls)
  assert.equal(member.name, asked.name)
  // A restore does not know them.
  assert.deepEqual(member.clientUrls, state === 'restored' ? [] : asked.clientUrls)
}
