/** A running etcd under load: inspections beside it neither disturb nor misjudge it. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { bin, plainEnv } from '../cli/spawn.ts'
import { run, WAYS } from '../hostile/program.ts'
import { Cluster } from './cluster.ts'
import { put } from './gateway.ts'

const LOAD_MS = 12_000
const WRITERS = 16

describe('a running etcd', () => {
  for (const version of ['3.5.30', '3.7.1']) {
    test(`${version} is neither disturbed nor misjudged`, async () => {
      const dir = mkdtempSync(join(tmpdir(), 'etcdsnap-live-'))
      const cluster = await Cluster.start({ version, dir, args: ['--snapshot-count', '500'] })
      try {
        const { dataDir } = cluster.first
        const names = readdirSync(dataDir).sort()
        const until = Date.now() + LOAD_MS
        let written = 0
        const writers = Array.from({ length: WRITERS }, async () => {
          while (Date.now() < until) {
            await put(cluster, `key ${written % 1000}`, 'x'.repeat(written++ % 8000))
          }
        })
        const changed = await inspections(dataDir, until)
        await Promise.all(writers)
        assert.ok(changed > 5, `only ${changed} inspections met a change`)
        assert.ok(written > 500)
        assert.ok(cluster.first.isRunning)
        assert.deepEqual(readdirSync(dataDir).sort(), names)
        await cluster.stop()
        for (const way of WAYS) assert.equal(run([...way, dataDir]).status, 0)
      } finally {
        await cluster.kill()
        rmSync(dir, { recursive: true })
      }
    })
  }
})

/** What may be found: that files change, and that the db did so faster than it could be read. */
const CHANGES = ['FILE_CHANGED', 'DB_BEING_WRITTEN', 'DB_NEVER_STILL']

/** Inspects again and again; nothing but that the files change may be found. */
async function inspections(dataDir: string, until: number): Promise<number> {
  let changed = 0
  while (Date.now() < until) {
    const { status, stdout, stderr } = await inspect(dataDir)
    const { counts, findings } = JSON.parse(stdout)
    const found = Object.keys(counts)
    const more = found.filter((id) => !CHANGES.includes(id))
    assert.deepEqual(more, [], `${stderr}${JSON.stringify(findings.slice(0, 3))}`)
    assert.equal(status, found.includes('DB_NEVER_STILL') ? 3 : 0)
    if (found.length > 0) changed += 1
  }
  return changed
}

function inspect(dataDir: string): Promise<{ status: number; stdout: string; stderr: string }> {
  const args = [bin, 'inspect', '--json', dataDir]
  return new Promise((resolve) => {
    execFile(process.execPath, args, { env: plainEnv }, (error, stdout, stderr) => {
      resolve({ status: Number(error?.code ?? 0), stdout, stderr })
    })
  })
}
