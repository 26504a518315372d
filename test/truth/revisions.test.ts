/** HashKV and the listed keys at every revision, as the servers gave them; and what they refused. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { BoltDb } from '../../src/lib/bolt/bolt-db.ts'
import { Findings } from '../../src/lib/findings/findings.ts'
import { FileSource } from '../../src/lib/io/file-source.ts'
import { hashKvAt } from '../../src/lib/store/hash-kv-at.ts'
import { Keyspace } from '../../src/lib/store/keyspace.ts'
import { readKeyspaceBounds, refusalOf } from '../../src/lib/store/keyspace-bounds.ts'
import { ValueReader } from '../../src/lib/store/keyspace-value.ts'
import { keyspaces, line, type Stage, stages } from './keyspaces.ts'

describe('HashKV at every revision', () => {
  for (const stage of stages()) {
    it(stage.name, () => {
      const { hashKv, restoredIn34, compactRevision } = stage.truth
      const compacted = compactRevision === '-1' ? undefined : Number(compactRevision)
      const source = new FileSource(stage.path)
      for (const said of hashKv) {
        const [revision, hash] = said.split(' ').map(Number)
        const [today] = hashKvAt(source, compacted, revision as number)
        const asked = { revision, compactRevision: Number(compactRevision) }
        assert.deepEqual(today, { rule: '3.5.16', hash, ...asked }, said)
      }
      for (const said of restoredIn34?.hashKv ?? []) {
        const [revision, hash] = said.split(' ').map(Number)
        const hashes = hashKvAt(source, compacted, revision as number)
        assert.equal(hashes.at(-1)?.hash, hash, `${said} of 3.4.23`)
        if (hashes.length > 1) assert.equal(hashes[1]?.rule, '3.4')
      }
      source.close()
    })
  }
})

describe('the listed keys at every revision', () => {
  for (const stage of stages()) {
    it(stage.name, () => {
      for (const [revision, expected] of keyspaces(stage.truth)) {
        assert.deepEqual(listed(stage, revision), expected, `at ${revision}`)
      }
      assert.deepEqual(listed(stage), [...keyspaces(stage.truth)].at(-1)?.[1])
    })
  }
})

describe('revisions that are refused', () => {
  for (const { name, path, truth } of stages()) {
    it(name, () => {
      const source = new FileSource(path)
      const findings = new Findings()
      const bounds = readKeyspaceBounds(new BoltDb(source, findings), findings)
      source.close()
      const { revision, compactRevision, refused } = truth
      assert.equal(String(bounds.revision), revision)
      assert.equal(String(bounds.compactRevision ?? -1), compactRevision)
      const said = (at: number) => `mvcc: ${refusalOf(bounds, at)}`
      assert.equal(said(Number(revision) + 1), refused.future)
      assert.equal(refusalOf(bounds, bounds.revision), undefined)
      if (compactRevision === '-1') return
      assert.equal(refusalOf(bounds, Number(compactRevision)), undefined)
      assert.equal(said(Number(compactRevision) - 1), refused.compacted)
    })
  }
})

function listed({ path }: Stage, revision?: number): string[] {
  const source = new FileSource(path)
  const findings = new Findings()
  const keyspace = new Keyspace(new BoltDb(source, findings), findings, { revision })
  const values = new ValueReader(source)
  const lines: string[] = []
  for (const entry of keyspace.entries()) {
    lines.push(line({ ...entry, key: Uint8Array.from(entry.key), value: values.read(entry) }))
  }
  keyspace.close()
  source.close()
  assert.deepEqual(findings.list, [])
  return lines
}
