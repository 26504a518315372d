import assert from 'node:assert/strict'
import { mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { MemorySource } from '../../../src/lib/io/source.ts'
import { expectedType, identifyDirectory, identifyFile } from '../../../src/lib/member/identify.ts'
import { fixture, fixtureCopy, fixtureFile, fixtureSegments } from '../../support/fixtures.ts'
import { tempDir } from '../../support/temp-dir.ts'

const type = (name: string, bytes: Uint8Array) => identifyFile(new MemorySource(name, bytes))

const backup = fixtureFile('3.5.30', 'restored', 'backup.db')
const db = fixtureFile('3.5.30', 'cluster', 'm1/member/snap/db')
const wal = fixtureSegments('3.5.30', 'cluster', 'm1')[0]?.bytes as Buffer
const later = fixtureSegments('3.6.14', 'segments', 'data')[1]?.bytes as Buffer
const snapName = readdirSync(join(fixture('3.5.30', 'cluster').dir, 'm1/member/snap'))[0] as string
const snap = fixtureFile('3.5.30', 'cluster', `m1/member/snap/${snapName}`)

describe('identifyFile', () => {
  it('asks the bytes, and not the name', () => {
    for (const name of ['x', 'foo', 'backup.snap', 'db', '1-2.wal', '1-2.snap', 'a/b.txt']) {
      assert.equal(type(name, backup), 'backup', name)
      assert.equal(type(name, db), 'db', name)
      assert.equal(type(name, wal), 'wal', name)
      assert.equal(type(name, later), 'wal', name)
      assert.equal(type(name, snap), 'snap', name)
    }
  })

  it('asks the name only to tell one kind of db from another', () => {
    assert.equal(type('000000000000004e.snap.db', db), 'snap-db')
    assert.equal(type('dir/000000000000004e.snap.db', db), 'snap-db')
    assert.equal(type('000000000000004e.snap.db', wal), 'wal')
    assert.equal(type('x.snap.db', db), 'db')
  })

  it('knows them when they are damaged or cut', () => {
    const without = (bytes: Buffer, to: number) => Buffer.from(bytes).fill(0, 0, to)
    assert.equal(type('x', without(db, 4096)), 'db')
    assert.equal(type('x', without(wal, 16)), 'wal')
    assert.equal(type('x', Buffer.from(wal).fill(0xff, 0, 100)), 'wal')
    assert.equal(type('x', wal.subarray(0, 40)), 'wal')
    assert.equal(type('x', snap.subarray(0, 100)), 'snap')
    assert.equal(type('x', db.subarray(0, 100)), 'db')
  })

  it('knows nothing else', () => {
    for (const bytes of [
      new Uint8Array(),
      Buffer.alloc(1),
      Buffer.alloc(8192),
      Buffer.from('# etcd\n'.repeat(1000)),
      Buffer.from('{"Root":{"Path":"/"}}'),
      without(snap),
    ]) {
      assert.equal(type('1-2.snap', bytes), undefined)
    }

    function without(bytes: Buffer): Buffer {
      return bytes.subarray(20)
    }
  })
})

describe('expectedType', () => {
  it('reads it from a name', () => {
    const cases: [string, string | undefined][] = [
      ['member/wal/0000000000000000-0000000000000000.wal', 'wal'],
      ['0000000000000000-0000000000000000.wal.broken', 'wal'],
      ['0000000000000002-000000000000001f.snap', 'snap'],
      ['0000000000000002-000000000000001f.snap.broken', 'snap'],
      ['000000000000004e.snap.db', 'snap-db'],
      ['backup.db.part', 'backup'],
      ['copy.wal', 'wal'],
      ['etcd.snap', 'snap'],
      ['member/snap/db', 'db'],
      ['backup.db', 'db'],
      ['notes.txt', undefined],
      ['db.txt', undefined],
      ['wal', undefined],
    ]
    for (const [path, expected] of cases) assert.equal(expectedType(path), expected, path)
  })
})

describe('identifyDirectory', () => {
  const dataDir = fixtureCopy('3.5.30', 'cluster', 'm1')

  it('finds a data dir, its member, and the two directories in that', () => {
    const snap = `${dataDir}/member/snap`
    const wal = `${dataDir}/member/wal`
    const parts = { snap, wal }
    assert.deepEqual(identifyDirectory(dataDir), { type: 'data-dir', parts })
    assert.deepEqual(identifyDirectory(`${dataDir}/`), { type: 'data-dir', parts })
    assert.deepEqual(identifyDirectory(`${dataDir}/member`), { type: 'data-dir', parts })
    assert.deepEqual(identifyDirectory(snap), { type: 'data-dir', parts: { snap } })
    assert.deepEqual(identifyDirectory(wal), { type: 'wal-dir', parts: {} })
  })

  it('knows a data dir of which a part is missing', () => {
    const path = tempDir()
    mkdirSync(join(path, 'member'))
    assert.deepEqual(identifyDirectory(path), { type: 'data-dir', parts: {} })
    mkdirSync(join(path, 'member/wal'))
    assert.deepEqual(identifyDirectory(path).parts, { wal: `${path}/member/wal` })
    assert.deepEqual(identifyDirectory(join(path, 'member/wal')).type, 'wal-dir')
  })

  it('does not know what has nothing of etcd', () => {
    assert.equal(identifyDirectory(tempDir()).type, 'unknown')
    assert.throws(() => identifyDirectory(join(tempDir(), 'missing')), { code: 'ENOENT' })
  })
})
