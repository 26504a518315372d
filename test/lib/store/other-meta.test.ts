import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Findings } from '../../../src/lib/findings/findings.ts'
import { MemorySource } from '../../../src/lib/io/source.ts'
import { readStoreFile } from '../../../src/lib/store/read-store.ts'
import { encodeRevision } from '../../../src/lib/store/revision.ts'
import { DbPages } from '../../hostile/db-pages.ts'
import { boltFile } from '../../support/bolt-writer.ts'

describe('the other meta page', () => {
  it('may have the last revision that fits into a row', () => {
    const key = encodeRevision(2n ** 64n - 1n)
    const db = new DbPages(boltFile('key', [{ key, value: Buffer.alloc(0) }]))
    db.setMeta('root', 1, [db.meta === 0 ? 0 : 1])
    const findings = new Findings()
    readStoreFile(new MemorySource('db', db.bytes), findings)
    const [other] = findings.list.filter(({ id }) => id === 'DB_OTHER_META')
    assert.match(String(other?.message), /loses no revision that can be read$/)
  })
})
