/** The members of every fixture by source, against what the servers said. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Findings } from '../../src/lib/findings/findings.ts'
import { membersBySource } from '../../src/lib/member/members-by-source.ts'
import { readMemberFiles } from '../../src/lib/member/read-member-files.ts'
import { hex16 } from '../../src/lib/proto/uint64.ts'
import { type DataDirFixture, dataDirs } from './artefacts.ts'

for (const fixture of dataDirs()) {
  describe(fixture.name, () => {
    it('has the voters and learners of the server in every source that counts', async () => {
      const { members } = await membersOf(fixture)
      const { voters, learners } = fixture.member
      for (const source of ['snap', 'v2store', 'walSnapshot', 'walReplay'] as const) {
        for (const [role, ids] of [
          ['voter', voters],
          ['learner', learners],
        ] as const) {
          const said = members.filter(({ sources }) => sources.get(source)?.role === role)
          if (!members.some(({ sources }) => sources.has(source))) continue
          assert.deepEqual(said.map(({ id }) => hex16(id)).sort(), [...ids].sort(), source)
        }
      }
    })

    it('has in the db what the server said, but for what is known of its version', async () => {
      const { members } = await membersOf(fixture)
      const { voters, learners } = fixture.member
      const inDb = members.filter(({ sources }) =>
        ['voter', 'learner'].includes(sources.get('dbMembers')?.role ?? ''),
      )
      const wanted = [...voters, ...learners].sort()
      const found = inDb.map(({ id }) => hex16(id)).sort()
      if (!isOldRestore(fixture)) assert.deepEqual(found, wanted)
      else if (fixture.state === 'restored') assert.ok(!found.includes(wanted[0] ?? ''))
      else
        assert.deepEqual(
          found.filter((id) => wanted.includes(id)),
          wanted,
        )
    })

    it('has the findings of its version, and no others', async () => {
      const { findings } = await membersOf(fixture)
      const found = [...findings.counts.keys()].filter((id) => id.startsWith('MEMBER_'))
      assert.deepEqual(found, knownFaults(fixture))
      assert.equal(findings.of('error'), 0)
    })

    it('explains what a restore leaves behind', async () => {
      const { members } = await membersOf(fixture)
      const normal = members.flatMap(({ disagreements }) =>
        disagreements.filter(({ id }) => id === undefined).map(({ source }) => source),
      )
      const isRestored = fixture.scenario === 'restored'
      assert.equal(normal.includes('dbConfState'), isRestored && !isOldRestore(fixture))
      const isNew = fixture.state === 'restored'
      assert.equal(normal.includes('dbMembers'), isNew)
    })
  })
}

async function membersOf({ path }: DataDirFixture) {
  const findings = new Findings()
  const files = await readMemberFiles(path, findings)
  assert.ok(files)
  return { findings, ...membersBySource(files, findings) }
}

/** Up to 3.4 a restore leaves the members of the old cluster in the db. */
function isOldRestore({ scenario, truth }: DataDirFixture): boolean {
  return scenario === 'restored' && ['3.3', '3.4'].includes(minorOf(truth.etcd))
}

/** 3.5.1 to 3.5.19 never changed a member that was in the db. */
function knownFaults(fixture: DataDirFixture): string[] {
  if (isOldRestore(fixture)) return ['MEMBER_ZOMBIE']
  const { truth, state } = fixture
  return truth.etcd === '3.5.16' && state !== 'restored' ? ['MEMBER_ATTRIBUTES'] : []
}

function minorOf(version: string): string {
  return version.split('.').slice(0, 2).join('.')
}
