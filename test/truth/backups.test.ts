/** Every backup and every single file of the fixtures, read by itself. */
import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { describe, it } from 'node:test'
import { listFixtures } from '../fixtures/open.ts'
import { fixture } from '../support/fixtures.ts'
import { reportOf } from './artefacts.ts'

const TYPES: readonly [RegExp, string][] = [
  [/backup.*\.db$/, 'backup'],
  [/\.snap\.db$/, 'snap-db'],
  [/\bdb$/, 'db'],
  [/\.snap$/, 'snap'],
  [/\.wal$/, 'wal'],
]

for (const [version, scenario] of listFixtures()) {
  describe(`${version}/${scenario}`, () => {
    const { dir, truth } = fixture(version, scenario)
    const files = readdirSync(dir, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !/\.(tmp|gz|json)$/.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name))

    for (const path of files) {
      const type = TYPES.find(([pattern]) => pattern.test(basename(path)))?.[1]
      it(`${path.slice(dir.length + 1)} is a sound ${type}`, async () => {
        const { report, findings } = await reportOf(path)
        assert.equal(report.type, type)
        assert.equal(findings.of('error'), 0, JSON.stringify(findings.list))
      })
    }

    const { backup } = truth
    if (backup === undefined) return
    it('has a backup as large as `snapshot status` says, with a SHA-256 behind its pages', async () => {
      const { report } = await reportOf(join(dir, 'backup.db'))
      assert.equal(Number(report.pages) * Number(report.pageSize), backup.totalSize)
      assert.equal(report.bytes, backup.totalSize + 32)
    })
  })
}
