/** Every db and backup of the fixtures against `snapshot status` of etcdutl 3.5, 3.6 and 3.7. */
import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { listFixtures } from '../fixtures/open.ts'
import { fixture } from '../support/fixtures.ts'
import { reportOf } from './artefacts.ts'
import { statuses } from './keyspaces.ts'

/** Up to 3.5 the total of keys is that of all rows in all buckets. */
const COUNTS_ROWS = '3.5.30'

describe('snapshot status', () => {
  for (const { name, path, said } of statuses()) {
    it(name, async () => {
      const { report } = await reportOf(path)
      assert.deepEqual(Object.keys(said), ['3.5.30', '3.6.14', '3.7.1'])
      for (const [tool, status] of Object.entries(said)) {
        if ('error' in status) assert.fail(`etcdutl ${tool}: ${status.error}`)
        const rows = tool === COUNTS_ROWS
        const { statusHash, keys, rowsAllBuckets, pages, pageSize, storageVersion } = report
        assert.equal(statusHash, status.hash.toString(16).padStart(8, '0'))
        assert.equal(lastRevision(report), status.revision)
        assert.equal(rows ? rowsAllBuckets : keys?.live, status.totalKey)
        assert.equal(Number(pages) * Number(pageSize), status.totalSize)
        if (!rows) assert.equal(storageVersion ?? '', status.version)
      }
    })
  }
})

/** The tool shows the revision of the last row: 0 of a store without any, nothing of compactions. */
function lastRevision({ revision, keys }: { revision?: number; keys?: { records: number } }) {
  return keys?.records === 0 ? 0 : revision
}

it('all dbs and backups are compared', () => {
  const onDisk = listFixtures().flatMap(([version, scenario]) =>
    readdirSync(fixture(version, scenario).dir, { recursive: true, encoding: 'utf8' })
      .filter((name) => /(\.db|\bdb)$/.test(name))
      .map((name) => join(version, scenario, name)),
  )
  assert.deepEqual(
    statuses()
      .map(({ name }) => name)
      .sort(),
    onDisk.sort(),
  )
})
