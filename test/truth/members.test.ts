/** Every data dir of every fixture against what the servers said of themselves. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { describe, it } from 'node:test'
import { type DataDirFixture, dataDirs, type Report, reportOf } from './artefacts.ts'

for (const fixture of dataDirs()) {
  describe(fixture.name, async () => {
    const { report, findings } = await reportOf(fixture.path)
    const { state, member, cluster, wal } = fixture

    it('has no finding of severity error', () => {
      assert.deepEqual(
        findings.list.filter(({ severity }) => severity === 'error'),
        [],
      )
    })

    it('is this member of this cluster', () => {
      assert.equal(report.type, 'data-dir')
      assert.equal(report.memberId, member.memberId)
      assert.equal(report.clusterId, member.clusterId)
      // A member has no name until it has been started and has published it.
      assert.equal(report.name, state === 'restored' ? undefined : member.name)
      assert.equal(report.writtenBy, report.clusterVersion?.replace(/\.0$/, ''))
    })

    it('has the term, the commit index and the last index that the server had', () => {
      const { term, commitIndex, lastIndex } = report
      if (state === 'stopped') {
        // The followers were stopped before the leader, so that nobody stood for election; closing
        // the WAL writes out the last HardState; and nothing was proposed after the last question.
        assert.deepEqual([term, commitIndex, lastIndex].map(String), [
          member.term,
          member.committedIndex,
          member.committedIndex,
        ])
      } else if (state === 'killed') checkKilled(fixture, report)
      else if (state === 'installing') {
        // It was asked later, and terms do not go back.
        assert.ok(Number(term) <= Number(member.term))
        assert.ok(Number(commitIndex) < Number(member.committedIndex))
      } else {
        // One entry for each member of --initial-cluster, all committed, in term 1.
        assert.deepEqual([term, commitIndex, lastIndex], [1, 1, 1])
      }
      assert.equal(String(term), wal.hardState.term)
      assert.equal(String(commitIndex), wal.hardState.commit)
    })

    it('has these voters and learners', () => {
      assert.deepEqual([...(report.confState?.voters ?? [])].sort(), [...member.voters].sort())
      assert.deepEqual([...(report.confState?.learners ?? [])].sort(), [...member.learners].sort())
      const self = report.members?.find(({ id }) => id === member.memberId)
      assert.equal(self?.isLearner, member.isLearner)
    })

    it('knows the members with their names and URLs', () => {
      const asked = [...cluster.members].sort((a, b) => (a.id < b.id ? -1 : 1))
      // What restore knows of a member is its peer URLs.
      const known = asked.map(({ id, peerUrls, isLearner }) => ({
        id,
        peerUrls,
        clientUrls: [],
        isLearner,
      }))
      assert.deepEqual(report.members, state === 'restored' ? known : asked)
    })

    it('knows the members that were removed', () => {
      const removed = (report.removedMembers ?? []).map((id) => id.replace(/^0+/, ''))
      const db = readFileSync(join(fixture.path, 'member/snap/db')).toString('latin1')
      assert.deepEqual([...removed].sort(), removedIn(db).sort())
      const expected: Readonly<Record<string, number>> = { cluster: 1, 'force-new-cluster': 2 }
      assert.equal(removed.length, expected[fixture.scenario] ?? 0)
    })

    it('knows the version of the cluster', () => {
      assert.equal(report.clusterVersion, versionOf(fixture))
    })

    it('has the .snap files that its WAL tells of, with the members of their time', () => {
      for (const snap of report.snaps ?? []) checkSnap(fixture, report, snap)
      assert.equal(snapsWithoutRecord(fixture, report).length, orphans(fixture))
    })

    it('starts from the newest .snap that the WAL knows', () => {
      const [newest] = snapsWithRecord(fixture, report)
      assert.equal(report.loadedSnap, newest?.path)
    })

    it('has a db as large as the server said', () => {
      const { db } = report
      assert.ok(db?.meta?.every(({ ok }) => ok))
      assert.equal(db?.meta?.filter(({ active }) => active).length, 1)
      const size = Number(db?.pages) * Number(db?.pageSize)
      assert.ok(size <= Number(db?.bytes))
      // Asked before the last entries were applied, which may have taken another page.
      if (state === 'stopped') assert.ok(size >= member.dbSize, `${size} < ${member.dbSize}`)
    })

    it('holds nothing else', () => {
      const { extraFiles } = report as unknown as { extraFiles: string[] }
      const killed = state === 'killed' || state === 'installing'
      // Preallocation of the next segment; removed when a member stops in order.
      assert.deepEqual(
        extraFiles.map((path) => basename(path)),
        killed ? ['0.tmp'] : [],
      )
      assert.equal(report.snapDbs?.length ?? 0, state === 'installing' ? 1 : 0)
    })
  })
}

/** A one-member cluster has one election a start, and commits on a start whatever its log holds. */
function checkKilled({ member, truth }: DataDirFixture, report: Report): void {
  const { term, commitIndex, lastIndex } = report
  assert.equal(term, Number(member.term) - 1)
  // Only the entries are synced before a write is acknowledged, so that the commit index may lag.
  assert.ok(Number(commitIndex) <= Number(lastIndex))
  assert.ok(Number(lastIndex) < Number(member.committedIndex))
  assert.ok((truth.acknowledged?.length ?? 0) <= Number(report.wal?.entries?.byType.put))
}

/** The keys of the bucket members_removed, whose values are all "removed", in a db's bytes. */
function removedIn(db: string): string[] {
  const found = new Set<string>()
  for (const { index } of db.matchAll(/(?<!members_)removed/g)) {
    // Of two neighbours, the first one's value ends in front of the second one's key.
    const before = db.slice(Math.max(0, index - 23), index)
    const [id] = /[0-9a-f]{1,16}$/.exec(before.replace(/^.*removed/s, '')) ?? []
    assert.ok(id, `no id in front of "removed" at ${index}`)
    found.add(id)
  }
  return [...found]
}

/**
 * Restored members of 3.6 and later keep the version that the backup's db has, and propose no other:
 * neither the WAL nor the .snap tells it. Restored members of all versions do not have it in their
 * WAL before they have been started.
 */
function versionOf({ scenario, state, truth, cluster }: DataDirFixture): string | undefined {
  const fromDb = scenario === 'restored' && Number(truth.etcd.split('.')[1]) >= 6
  return state === 'restored' || fromDb ? undefined : cluster.clusterVersion
}

function checkSnap({ wal, state, truth }: DataDirFixture, report: Report, snap: Report): void {
  const { path, index, term, crc, fileName, confState, members, userKeys } = snap
  assert.ok(crc?.ok && fileName?.ok, path)
  const ids = (learners: boolean) =>
    (members ?? []).filter(({ isLearner }) => isLearner === learners).map(({ id }) => id)
  // The server keeps raft's configuration and the members of its v2 store in step.
  assert.deepEqual([...(confState?.voters ?? [])].sort(), ids(false))
  assert.deepEqual([...(confState?.learners ?? [])].sort(), ids(true))
  assert.ok(members?.length)
  const keys = wroteV2(truth) ? ['/1/dir/a', '/1/dir/b', '/1/top'] : []
  assert.deepEqual(userKeys, keys)
  assert.ok(wal.snapshots.includes(`${index} ${term}`) || state === 'installing', path)
  // Since 3.5 the server writes the configuration into the WAL too.
  const record = report.wal?.snapshots?.find((each) => each.index === index)
  if (record?.confState) assert.deepEqual(record.confState, confState)
}

function snapsWithRecord({ wal }: DataDirFixture, { snaps = [] }: Report): readonly Report[] {
  const committed = ({ index }: Report) => Number(index) <= Number(wal.hardState.commit)
  return snaps.filter(
    (snap) => committed(snap) && wal.snapshots.includes(`${snap.index} ${snap.term}`),
  )
}

function snapsWithoutRecord({ wal }: DataDirFixture, { snaps = [] }: Report): readonly Report[] {
  return snaps.filter(({ index, term }) => !wal.snapshots.includes(`${index} ${term}`))
}

/** etcd writes the .snap first: a member killed in between has one more than its WAL tells of. */
function orphans({ state, truth }: DataDirFixture): number {
  return state === 'installing' && !truth.installing?.startsWith('snapshot ') ? 1 : 0
}

/** The last servers with the v2 API are those of 3.5. */
function wroteV2({ etcd, scenario }: DataDirFixture['truth']): boolean {
  return scenario === 'cluster' && Number(etcd.split('.')[1]) < 6
}
