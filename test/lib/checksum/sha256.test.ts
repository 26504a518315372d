import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { truncateSync, writeFileSync } from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { pathToFileURL } from 'node:url'
import workerThreads from 'node:worker_threads'
import { Sha256 } from '../../../src/lib/checksum/sha256.ts'
import { FileSource } from '../../../src/lib/io/file-source.ts'
import { MemorySource } from '../../../src/lib/io/source.ts'
import { tempDir } from '../../support/temp-dir.ts'

/** Enough for a thread of its own, and no multiple of what is read at a time. */
const bytes = randomBytes(9 * 1024 * 1024 + 12_345)

const digestOf = (end: number): string =>
  createHash('sha256').update(bytes.subarray(0, end)).digest('hex')

function file(): { path: string; source: FileSource } {
  const path = join(tempDir(), 'file')
  writeFileSync(path, bytes)
  return { path, source: new FileSource(path) }
}

describe('Sha256', () => {
  const ends = [0, 1, 1024 * 1024, 8_000_001, bytes.length]

  it('gives the digest of every beginning asked for, from memory and from a thread', () => {
    const { source } = file()
    for (const each of [new MemorySource('memory', bytes), source]) {
      assert.deepEqual(new Sha256(each, ends).digestsInHex(), ends.map(digestOf))
    }
    source.close()
  })

  it('does the work itself when the file has become shorter under the thread', () => {
    const { path, source } = file()
    truncateSync(path, 2_000_000)
    const [whole] = new Sha256(source, [bytes.length]).digestsInHex()
    assert.equal(whole, digestOf(2_000_000))
    source.close()
  })

  /** What stands in for a thread. */
  const threads: [string, () => unknown][] = [
    [
      'that the system does not give',
      () => {
        throw new Error('ERR_WORKER_INIT_FAILED')
      },
    ],
    ['that never says anything', () => ({ unref() {}, on() {} })],
  ]
  for (const [name, thread] of threads) {
    it(`does the work itself instead of a thread ${name}`, () => {
      const { Worker } = workerThreads
      const Stub = () => thread()
      Object.assign(workerThreads, { Worker: Stub })
      syncBuiltinESMExports()
      try {
        const { source } = file()
        assert.deepEqual(new Sha256(source, ends).digestsInHex(), ends.map(digestOf))
        source.close()
      } finally {
        Object.assign(workerThreads, { Worker })
        syncBuiltinESMExports()
      }
    })
  }

  it('does not wait for a thread that what is preloaded leaves no memory', () => {
    const { path } = file()
    const preload = join(tempDir(), 'preload.cjs')
    writeFileSync(preload, 'globalThis.kept = Array.from({ length: 600_000 }, (_, i) => ({ i }))')
    const moduleAt = (name: string) =>
      pathToFileURL(join(import.meta.dirname, '../../../src/lib', name)).href
    const script = join(tempDir(), 'program.mjs')
    writeFileSync(
      script,
      `import { FileSource } from '${moduleAt('io/file-source.ts')}'
      import { Sha256 } from '${moduleAt('checksum/sha256.ts')}'
      const source = new FileSource(${JSON.stringify(path)})
      console.log(new Sha256(source, [source.size]).digestsInHex().join())`,
    )
    const options = ['--import', import.meta.resolve('tsx'), '--require', preload]
    const output = execFileSync(process.execPath, [...options, script], { timeout: 60_000 })
    assert.equal(output.toString().trim(), digestOf(bytes.length))
  })
})
