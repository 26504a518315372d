import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
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
})
