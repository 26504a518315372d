import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { crc32c } from '../../../src/lib/checksum/crc32c.ts'
import { Findings } from '../../../src/lib/findings/findings.ts'
import { MemorySource } from '../../../src/lib/io/source.ts'
import { readStoreFile } from '../../../src/lib/store/read-store.ts'
import { boltFile } from '../../support/bolt-writer.ts'

describe('the status hash', () => {
  it('is of the bytes of a bucket name, text or not', () => {
    const bytes = boltFile('name', [{ key: Buffer.from('k'), value: Buffer.from('v') }])
    bytes[bytes.lastIndexOf('name')] = 0xff
    const { store } = readStoreFile(new MemorySource('db', bytes), new Findings())
    assert.equal(store?.statusHash, crc32c(Buffer.from('\xffamekv', 'latin1')))
  })
})
