import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { BoltDb } from '../../../src/lib/bolt/bolt-db.ts'
import { Findings } from '../../../src/lib/findings/findings.ts'
import { FileSource } from '../../../src/lib/io/file-source.ts'
import { revisionRows } from '../../../src/lib/store/revision-rows.ts'
import { readSpace, type Space, type SpaceOptions } from '../../../src/lib/store/space.ts'
import { Tally, type Usage } from '../../../src/lib/store/space-usage.ts'
import { stages } from '../../truth/keyspaces.ts'

const OPTIONS: SpaceOptions = {
  by: 'key',
  depth: 2,
  separator: Buffer.from('/'),
  top: 1000,
  order: 'total',
}

/** What each key takes up, found with a map. */
function naive(path: string): Map<string, Usage> {
  const source = new FileSource(path)
  const findings = new Findings()
  const rows = new Map<string, { tombstone: boolean; bytes: number; version: number }[]>()
  for (const { key, tombstone, bytes, version } of revisionRows(
    new BoltDb(source, findings),
    findings,
  )) {
    const name = Buffer.from(key).toString('latin1')
    rows.set(name, [...(rows.get(name) ?? []), { tombstone, bytes, version: Number(version) }])
  }
  source.close()
  const usages = new Map<string, Usage>()
  for (const [key, list] of rows) {
    const tally = new Tally()
    for (const [at, { tombstone, bytes, version }] of list.entries()) {
      if (at === list.length - 1 && !tombstone) tally.addLive(bytes, version)
      else tally.addHistory(1, bytes)
    }
    usages.set(key, tally)
  }
  return usages
}

function space(path: string, options: Partial<SpaceOptions> = {}): Space {
  const source = new FileSource(path)
  const findings = new Findings()
  try {
    const result = readSpace(source, findings, { ...OPTIONS, ...options })
    assert.deepEqual(findings.list, [])
    assert.ok(result)
    return result
  } finally {
    source.close()
  }
}

describe('the space of a db', () => {
  for (const { name, path, truth } of stages()) {
    test(`${name}, key by key`, () => {
      const expected = naive(path)
      for (const limits of [{}, { memory: 300, records: 5 }]) {
        const { groups, usage } = space(path, { limits })
        const found = groups.map(({ name, usage }) => [
          Buffer.from(name ?? '').toString('latin1'),
          usage,
        ])
        assert.deepEqual(new Map(found as [string, Usage][]), expected)
        const all = new Tally()
        for (const each of expected.values()) all.add(each)
        assert.deepEqual(usage, all)
      }
    })

    test(`${name}: its pages are all in use or free`, () => {
      const { pages, pageSize, fileBytes, bounds } = space(path)
      assert.equal(pages.total * pageSize, fileBytes - 32)
      assert.ok(pages.free >= 0 && pages.free < pages.total)
      assert.equal(String(bounds.revision), truth.revision)
    })
  }

  for (const version of ['3.5.16', '3.5.30', '3.5.33', '3.6.14', '3.7.1']) {
    test(`of ${version} loses to a compaction what the server removed`, () => {
      const stage = (name: string) =>
        stages().find((each) => each.name === `${version}/keyspace/backup-${name}.db`)
      const before = stage('emptied')
      const after = stage('emptied-and-compacted')
      assert.ok(before && after)
      // It was compacted at the revision of `before`; later rows came behind that.
      const left = rowsUpTo(after.path, Number(before.truth.revision))
      const { reclaim, usage } = space(before.path)
      assert.ok(left.rows > 0)
      assert.equal(usage.live.keys + usage.history.records - reclaim.compaction.records, left.rows)
      assert.equal(usage.live.bytes + usage.history.bytes - reclaim.compaction.bytes, left.bytes)
    })
  }
})

function rowsUpTo(path: string, to: number): { rows: number; bytes: number } {
  const source = new FileSource(path)
  const findings = new Findings()
  const left = { rows: 0, bytes: 0 }
  for (const { bytes } of revisionRows(new BoltDb(source, findings), findings, { to })) {
    left.rows += 1
    left.bytes += bytes
  }
  source.close()
  return left
}
