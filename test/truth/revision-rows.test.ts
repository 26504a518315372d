/** The rows of the key bucket give the keyspace that the server had, at every revision. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { BoltDb } from '../../src/lib/bolt/bolt-db.ts'
import { Findings } from '../../src/lib/findings/findings.ts'
import { FileSource } from '../../src/lib/io/file-source.ts'
import { revisionRows } from '../../src/lib/store/revision-rows.ts'
import { base64, keyspaces, line, type Stage, stages } from './keyspaces.ts'

describe('the keyspace at every revision since the last compaction', () => {
  for (const stage of stages()) {
    it(stage.name, () => {
      const keys = new Map<string, { key: Uint8Array; said: string }>()
      const rows = rowsOf(stage)
      let next = rows.next()
      for (const [revision, expected] of keyspaces(stage.truth)) {
        for (; !next.done && next.value.main <= revision; next = rows.next()) {
          const { key, said, tombstone } = next.value
          if (tombstone) keys.delete(base64(key))
          else keys.set(base64(key), { key, said })
        }
        const sorted = [...keys.values()].sort((a, b) => Buffer.compare(a.key, b.key))
        assert.deepEqual(
          sorted.map(({ said }) => said),
          expected,
          `at ${revision}`,
        )
      }
      assert.ok(next.done, 'rows behind the current revision')
    })
  }
})

describe('a part of the rows, by revision', () => {
  for (const stage of stages().filter(({ version }) => version === '3.6.14')) {
    it(stage.name, () => {
      const all = [...rowsOf(stage)].map(({ main, sub }) => `${main} ${sub}`)
      const last = Number(stage.truth.revision)
      for (let from = 0; from <= last + 1; from += 3) {
        const to = Math.min(from + 7, last + 1)
        const part = [...rowsOf(stage, { from, to })].map(({ main, sub }) => `${main} ${sub}`)
        const expected = all.filter((row) => {
          const main = Number(row.split(' ')[0])
          return main >= from && main <= to
        })
        assert.deepEqual(part, expected, `${from} to ${to}`)
      }
    })
  }
})

function* rowsOf({ path }: Stage, range: { from?: number; to?: number } = {}) {
  const source = new FileSource(path)
  const findings = new Findings()
  try {
    const db = new BoltDb(source, findings)
    for (const row of revisionRows(db, findings, range)) {
      const { main, sub, tombstone } = row
      if (!tombstone) assert.equal(row.modRevision, main)
      yield { main, sub, tombstone, key: Uint8Array.from(row.key), said: line(row) }
    }
  } finally {
    source.close()
  }
  assert.deepEqual(findings.list, [])
}
