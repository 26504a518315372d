/** Every backup of the keyspace fixtures, field by field, against what the server said. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { reportOf } from './artefacts.ts'
import { keyspaces, stages } from './keyspaces.ts'

for (const { name, path, truth, version } of stages()) {
  describe(name, async () => {
    const { report, findings } = await reportOf(path)

    it('is sound, but for what the server left set', () => {
      assert.equal(report.type, 'backup')
      assert.equal(findings.of('error'), 0, JSON.stringify(findings.list))
      assert.equal(findings.has('STORE_ALARM_NOSPACE'), truth.alarms.length > 0)
      assert.equal(findings.has('STORE_AUTH_ENABLED'), truth.auth.enabled)
    })

    it('ends in the SHA-256 of all before it', () => {
      const { present, stored, computed, ok } = report.sha256 ?? {}
      assert.ok(present && ok)
      assert.match(String(stored), /^[0-9a-f]{64}$/)
      assert.equal(computed, stored)
    })

    it('is at the revision, and compacted at the one, that the server said', () => {
      const { revision, compactRevision = -1 } = report
      assert.deepEqual([revision, compactRevision].map(String), [
        truth.revision,
        truth.compactRevision,
      ])
    })

    it('has the HashKV that the server gave at its current revision', () => {
      const current = (hashes: readonly string[] = []) =>
        hashes.find((each) => each.startsWith(`${truth.revision} `))?.split(' ')[1]
      const [today, before] = report.hashKv ?? []
      assert.equal(today?.rule, '3.5.16')
      assert.equal(Number.parseInt(String(today?.hash), 16), Number(current(truth.hashKv)))
      const old = current(truth.restoredIn34?.hashKv)
      if (old === undefined) return
      assert.equal(Number.parseInt(String((before ?? today)?.hash), 16), Number(old))
      if (before) assert.equal(before.rule, '3.4')
      for (const each of report.hashKv ?? []) {
        assert.deepEqual([each.revision, each.compactRevision].map(String), [
          truth.revision,
          truth.compactRevision,
        ])
      }
    })

    it('has as many live keys as the server listed', () => {
      const [, last] = [...keyspaces(truth)].at(-1) ?? []
      assert.equal(report.keys?.live, last?.length)
    })

    it('was at this entry of the log', () => {
      const { consistentIndex, term } = report
      if (isOld(version)) {
        // Up to 3.4 only some transactions write it: none of a fresh store.
        assert.ok(Number(consistentIndex ?? 0) <= Number(truth.appliedIndex))
        assert.equal(term, undefined)
        return
      }
      assert.deepEqual([consistentIndex, term].map(String), [truth.appliedIndex, truth.term])
    })

    it('has the members, versions, leases, alarms, users and roles', () => {
      // 3.5.16 keeps client URLs in its v2 store alone.
      const members = truth.members.map((member) =>
        version === '3.5.16' ? { ...member, clientUrls: [] } : member,
      )
      assert.deepEqual(report.members, members)
      assert.equal(report.clusterVersion, truth.clusterVersion)
      assert.equal(report.storageVersion, truth.storageVersion)
      assert.equal(report.leases, truth.leases.length)
      assert.deepEqual(report.alarms, truth.alarms)
      const { enabled, users, roles } = report.auth ?? {}
      const names = (list: { name: string }[]) => list.map(({ name }) => name).sort()
      assert.deepEqual(
        { enabled, users, roles },
        {
          enabled: truth.auth.enabled,
          users: names(truth.auth.users),
          roles: names(truth.auth.roles),
        },
      )
    })
  })
}

function isOld(version: string): boolean {
  return /^3\.[34]\./.test(version)
}

it('the two rules of HashKV are told apart where a server of each was asked', async () => {
  const told = stages().filter(({ truth }) => {
    const { hashKv, restoredIn34 } = truth
    return restoredIn34 && restoredIn34.hashKv.at(-1) !== hashKv.at(-1)
  })
  const versions = told.map(({ version, truth }) => `${version} ${truth.name}`)
  assert.deepEqual(
    versions,
    ['3.5.16', '3.5.30', '3.5.33', '3.6.14', '3.7.1'].map(
      (each) => `${each} emptied-and-compacted`,
    ),
  )
  for (const { path } of told) {
    const { report } = await reportOf(path)
    assert.equal(report.hashKv?.length, 2)
  }
})
