import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type BoltFile, isBoltFile, readBoltFile } from '../../../src/lib/bolt/bolt-file.ts'
import { decodeMetaPage, META_PAGE_BYTES } from '../../../src/lib/bolt/meta.ts'
import type { Finding } from '../../../src/lib/findings/finding.ts'
import { Findings } from '../../../src/lib/findings/findings.ts'
import { MemorySource } from '../../../src/lib/io/source.ts'
import { fixtureFile } from '../../support/fixtures.ts'

const PAGE = 4096
const db = fixtureFile('3.5.30', 'cluster', 'm1/member/snap/db')
const txids = [0, PAGE].map((at) => Number(db.readBigUInt64LE(at + 64)))
const newer = (txids[0] as number) > (txids[1] as number) ? 0 : 1
const older = 1 - newer

function read(bytes: Uint8Array): { bolt: BoltFile; found: Finding[]; ids: string[] } {
  const findings = new Findings()
  const bolt = readBoltFile(new MemorySource('db', bytes), findings)
  return { bolt, found: findings.list, ids: findings.list.map(({ id }) => id) }
}

/** A copy in which the meta pages at these offsets have a wrong byte. */
function damaged(bytes: Buffer, ...offsets: number[]): Buffer {
  const copy = Buffer.from(bytes)
  for (const at of offsets) copy.writeUInt8(copy.readUInt8(at + 40) ^ 1, at + 40)
  return copy
}

/** The real db with another page size: its meta pages moved, and their checksums made right again. */
function resized(pageSize: number): Buffer {
  const pages = 6
  const bytes = Buffer.alloc(pages * pageSize)
  for (const page of [0, 1]) {
    const at = page * pageSize
    db.copy(bytes, at, page * PAGE, page * PAGE + META_PAGE_BYTES)
    bytes.writeUInt32LE(pageSize, at + 24)
    bytes.writeBigUInt64LE(BigInt(pages), at + 56)
    const { computed } = decodeMetaPage(bytes.subarray(at, at + META_PAGE_BYTES)).checksum
    bytes.writeBigUInt64LE(computed, at + 72)
  }
  return bytes
}

describe('readBoltFile', () => {
  it('reads a real db, and uses the meta page with the higher txid', () => {
    const { bolt, ids } = read(db)
    assert.deepEqual(ids, [])
    assert.deepEqual(bolt, {
      path: 'db',
      bytes: db.length,
      pageSize: PAGE,
      pages: db.length / PAGE,
      meta: [0, 1].map((page) => ({ page, txid: txids[page], ok: true, active: page === newer })),
      hasTrailer: false,
    })
    assert.equal(Math.abs((txids[0] as number) - (txids[1] as number)), 1)
  })

  for (const pageSize of [1024, 4096, 16384, 65536]) {
    it(`finds the second meta page of pages of ${pageSize} bytes, with and without the first`, () => {
      const bytes = resized(pageSize)
      const whole = read(bytes)
      assert.deepEqual(whole.ids, [])
      assert.deepEqual([whole.bolt.pageSize, whole.bolt.pages], [pageSize, 6])
      const [first, second] = [damaged(bytes, 0), damaged(bytes, pageSize)].map(read)
      assert.deepEqual(
        first?.bolt.meta.map(({ ok, active }) => [ok, active]),
        [
          [false, false],
          [true, true],
        ],
      )
      assert.deepEqual(
        second?.bolt.meta.map(({ ok, active }) => [ok, active]),
        [
          [true, true],
          [false, false],
        ],
      )
      for (const [page, each] of [first, second].entries()) {
        assert.deepEqual([each?.bolt.pageSize, each?.bolt.pages], [pageSize, 6])
        assert.deepEqual(each?.ids, ['DB_META_INVALID'])
        assert.equal(each?.found[0]?.offset, page * pageSize)
        assert.equal(each?.found[0]?.page, page)
      }
    })
  }

  it('takes no meta page that stands where one of its page size does not belong', () => {
    const bytes = damaged(resized(16384), 0)
    // The second page of a db with 4 KiB pages, as an older file may have left it.
    db.copy(bytes, 8192, PAGE, PAGE + META_PAGE_BYTES)
    const { bolt, ids } = read(bytes)
    assert.deepEqual(ids, ['DB_META_INVALID'])
    assert.deepEqual([bolt.pageSize, bolt.pages], [16384, 6])
  })

  it('falls back to the older meta page, as a warning with what was stored and computed', () => {
    const bytes = damaged(db, newer * PAGE)
    const { bolt, found } = read(bytes)
    assert.equal(bolt.meta[older]?.active, true)
    const { stored, computed } = decodeMetaPage(bytes.subarray(newer * PAGE)).checksum
    assert.deepEqual(
      found.map(({ id, severity, page, offset, expected, found }) => ({
        ...{ id, severity, page, offset, expected, found },
      })),
      [
        {
          id: 'DB_META_INVALID',
          severity: 'warning',
          page: newer,
          offset: newer * PAGE,
          expected: stored.toString(16).padStart(16, '0'),
          found: computed.toString(16).padStart(16, '0'),
        },
      ],
    )
    assert.match(found[0]?.message ?? '', /checksum error$/)
  })

  it('gives nothing but the damage when both are bad', () => {
    const { bolt, ids } = read(damaged(db, 0, PAGE))
    assert.deepEqual(ids, ['DB_META_INVALID', 'DB_META_INVALID', 'DB_NO_META'])
    assert.ok(!('pageSize' in bolt) && !('pages' in bolt))
    assert.deepEqual(
      bolt.meta.map(({ ok, active }) => ok || active),
      [false, false],
    )
  })

  it('notices that the file was cut, at every page and within', () => {
    for (const cut of [1, PAGE - 1, PAGE, PAGE + 1, db.length - 2 * PAGE]) {
      const { bolt, found } = read(db.subarray(0, db.length - cut))
      assert.deepEqual([bolt.pageSize, bolt.pages], [PAGE, db.length / PAGE])
      assert.deepEqual(
        found.map(({ id, severity, offset, expected, found }) => ({
          ...{ id, severity, offset, expected, found },
        })),
        [
          {
            id: 'DB_TRUNCATED',
            severity: 'error',
            offset: db.length - cut,
            expected: `${db.length} bytes`,
            found: `${db.length - cut} bytes`,
          },
        ],
      )
    }
  })

  it('reads what is left in front of the second meta page', () => {
    for (const bytes of [META_PAGE_BYTES, PAGE, PAGE + META_PAGE_BYTES - 1]) {
      const { bolt, ids } = read(db.subarray(0, bytes))
      assert.deepEqual(ids, ['DB_META_INVALID', 'DB_TRUNCATED'])
      assert.deepEqual(bolt.meta, [{ page: 0, txid: txids[0], ok: true, active: true }])
    }
    for (const bytes of [1, 16, META_PAGE_BYTES - 1]) {
      const { bolt, ids } = read(db.subarray(0, bytes))
      assert.deepEqual(ids, ['DB_META_INVALID', 'DB_META_INVALID', 'DB_NO_META'])
      assert.deepEqual(bolt.meta, [])
    }
  })

  it('takes no offence at preallocated bytes behind the pages', () => {
    const longer = Buffer.concat([db, Buffer.alloc(3 * PAGE)])
    assert.deepEqual(read(longer).ids, [])
    assert.equal(read(longer).bolt.pages, db.length / PAGE)
  })

  it('tells a backup by the 32 bytes that its length has over', () => {
    const backup = fixtureFile('3.5.30', 'restored', 'backup.db')
    assert.equal(read(backup).bolt.hasTrailer, true)
    assert.equal(read(backup.subarray(0, -32)).bolt.hasTrailer, false)
    assert.equal(read(backup.subarray(0, -1)).bolt.hasTrailer, false)
    assert.deepEqual(read(backup).ids, [])
    // Tx.WriteTo writes both meta pages with the same content, the second one a txid back.
    const [first, second] = read(backup).bolt.meta
    assert.ok(first?.active && Number(first.txid) - Number(second?.txid) === 1)
  })
})

describe('isBoltFile', () => {
  const is = (bytes: Uint8Array) => isBoltFile(new MemorySource('x', bytes))

  it('knows a db by either magic, whatever else is damaged', () => {
    assert.ok(is(db))
    assert.ok(is(damaged(db, 0, PAGE)))
    const zeroed = (from: number, to: number) => Buffer.from(db).fill(0, from, to)
    assert.ok(is(zeroed(0, PAGE)))
    assert.ok(is(zeroed(PAGE, 2 * PAGE)))
    assert.ok(!is(zeroed(0, 2 * PAGE)))
    assert.ok(is(resized(65536).fill(0, 0, PAGE)))
    assert.ok(!is(db.subarray(0, META_PAGE_BYTES - 1)))
  })
})
