/** Members that the files disagree about, as real servers write them. */
import assert from 'node:assert/strict'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { etcdsnap } from '../cli/spawn.ts'
import { fixture } from '../support/fixtures.ts'
import { Cluster } from './cluster.ts'
import { ensureEtcd } from './install/install.ts'
import type { Member } from './member.ts'

interface Row {
  readonly id: string
  readonly name?: string
  readonly sources: Readonly<Record<string, { readonly role: string }>>
  readonly disagreements: readonly { readonly id?: string; readonly source: string }[]
}

/** What we say of a stopped member's data dir. */
function inspected(dataDir: string): { members: readonly Row[]; counts: object } {
  const { stdout } = etcdsnap(['inspect', 'members', '--json', dataDir])
  return JSON.parse(stdout)
}

async function withCluster(
  version: string,
  use: (cluster: Cluster) => Promise<void>,
): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'etcdsnap-members-'))
  const cluster = await Cluster.start({ version, dir })
  try {
    await use(cluster)
  } finally {
    await cluster.kill()
    rmSync(dir, { recursive: true })
  }
}

describe('a learner', () => {
  test('promoted by 3.5.16 is not so in the db', async () => {
    await withCluster('3.5.16', async (cluster) => {
      const learner = await cluster.addMember('learner', { learner: true })
      await cluster.promoteMember(learner)
      const id = (await cluster.memberId(learner)).padStart(16, '0')
      await cluster.stop()
      const row = inspected(cluster.first.dataDir).members.find((each) => each.id === id)
      assert.equal(row?.sources.walReplay?.role, 'voter')
      assert.equal(row?.sources.dbMembers?.role, 'learner')
      assert.ok(row?.disagreements.some((each) => each.id === 'MEMBER_NOT_PROMOTED'))
    })
  })

  test('promoted by 3.5.30 is so everywhere', async () => {
    await withCluster('3.5.30', async (cluster) => {
      await cluster.promoteMember(await cluster.addMember('learner', { learner: true }))
      await cluster.stop()
      assert.deepEqual(inspected(cluster.first.dataDir).counts, {})
    })
  })

  for (const [version, faults] of [
    ['3.5.30', { MEMBER_LEARNER_LOST: 1 }],
    ['3.6.14', {}],
  ] as const) {
    test(`updated by ${version}`, async () => {
      await withCluster(version, async (cluster) => {
        const learner = await cluster.addMember('learner', { learner: true })
        await cluster.updateMember(learner, [learner.peerUrl, 'http://127.0.0.1:1'])
        await cluster.stop()
        assert.deepEqual(inspected(cluster.first.dataDir).counts, faults)
      })
    })
  }

  test('is the only one, since servers refuse a second', async () => {
    await withCluster('3.5.30', async (cluster) => {
      await cluster.addMember('learner', { learner: true })
      const args = ['member', 'add', 'another', '--learner', '--peer-urls=http://127.0.0.1:1']
      await assert.rejects(cluster.etcdctl(args), /too many learner members/)
      await cluster.stop()
      const { members, counts } = inspected(cluster.first.dataDir)
      assert.deepEqual(members.map(({ sources }) => sources.walReplay?.role).sort(), [
        'learner',
        'voter',
      ])
      assert.deepEqual(counts, {})
    })
  })
})

describe('a zombie of a restore by 3.4', () => {
  for (const [version, remains] of [
    ['3.5.16', true],
    ['3.5.30', false],
  ] as const) {
    test(`${remains ? 'remains' : 'goes'} when ${version} starts`, async () => {
      const dir = mkdtempSync(join(tmpdir(), 'etcdsnap-members-'))
      const cluster = await Cluster.define({ version, dir })
      try {
        const { first } = cluster
        cpSync(join(fixture('3.4.23', 'restored').dir, 'started'), first.dataDir, {
          recursive: true,
        })
        assert.deepEqual(Object.keys(inspected(first.dataDir).counts), ['MEMBER_ZOMBIE'])
        await started(cluster, first)
        assert.equal((await listed(cluster)).length, 1, '3.5 goes by the v2 store')
        await cluster.stop()
        const found = Object.keys(inspected(first.dataDir).counts)
        assert.equal(found.includes('MEMBER_ZOMBIE'), remains)
        if (remains) {
          const { bin } = await ensureEtcd('3.6.14')
          first.start(bin.etcd, [])
          await first.ready()
          assert.equal((await listed(cluster)).length, 2, '3.6 goes by the db')
          await cluster.stop()
        }
      } finally {
        await cluster.kill()
        rmSync(dir, { recursive: true })
      }
    })
  }
})

async function started(cluster: Cluster, member: Member): Promise<void> {
  await cluster.restartMember(member)
  // The cluster version goes up, which 3.6 asks for, some seconds after the start.
  for (let attempt = 0; attempt < 100; attempt++) {
    const { etcdcluster } = JSON.parse(await member.get('/version'))
    if (etcdcluster === '3.5.0') return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error(`the cluster version did not go up:\n${member.logTail()}`)
}

async function listed(cluster: Cluster): Promise<readonly unknown[]> {
  return (await cluster.etcdctlJson(['member', 'list'])).members
}
