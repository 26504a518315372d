import assert from 'node:assert/strict'
import { chmodSync, mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { Findings } from '../../../src/lib/findings/findings.ts'
import { readArtefact } from '../../../src/lib/member/read-artefact.ts'
import { fixtureCopy, fixtureFile, fixtureSegments } from '../../support/fixtures.ts'
import { tempDir, tempFile } from '../../support/temp-dir.ts'
import { segmentName } from '../../support/wal-bytes.ts'

async function read(path: string, walDir?: string) {
  const findings = new Findings()
  const artefact = await readArtefact(path, findings, { walDir })
  return { artefact, findings: findings.list, ids: findings.list.map(({ id }) => id) }
}

const skip = process.getuid?.() === 0 && 'root may read everything'

describe('readArtefact', () => {
  it('reads a file for what it is, whatever it is called', async () => {
    const backup = fixtureFile('3.5.30', 'restored', 'backup.db')
    const wal = fixtureSegments('3.6.14', 'segments', 'data')[1]?.bytes as Buffer
    for (const [name, bytes, type] of [
      ['0000000000000002-000000000000002a.snap', backup, 'backup'],
      [
        'foo',
        fixtureFile(
          '3.6.14',
          'restored',
          'data/member/snap/0000000000000001-0000000000000001.snap',
        ),
        'snap',
      ],
      ['x', wal, 'wal'],
      ['0000000000000000-0000000000000000.snap', wal, 'wal'],
    ] as const) {
      const { artefact, ids } = await read(tempFile(name, bytes))
      assert.equal(artefact.type, type)
      assert.deepEqual(ids, [])
      assert.ok(!('unread' in artefact))
    }
  })

  it('says of an empty file what it should have been', async () => {
    for (const [name, type] of [
      [segmentName(0, 0), 'wal'],
      ['db', 'db'],
      ['backup.db.part', 'backup'],
      ['0000000000000002-000000000000002a.snap', 'snap'],
    ] as const) {
      const { artefact, findings } = await read(tempFile(name, ''))
      assert.deepEqual([artefact.type, 'unread' in artefact], [type, true])
      assert.deepEqual(
        findings.map(({ id, severity }) => [id, severity]),
        [['FILE_EMPTY', 'error']],
      )
    }
  })

  it('tells damage from what is no artefact at all', async () => {
    const zeros = Buffer.alloc(8192)
    const noise = Buffer.alloc(8192, 'noise ')
    for (const name of [
      'db',
      segmentName(0, 0),
      '0000000000000002-000000000000002a.snap',
      'x.part',
    ]) {
      for (const bytes of [zeros, noise]) {
        const { findings, artefact } = await read(tempFile(name, bytes))
        assert.ok(
          findings.some(({ severity }) => severity === 'error'),
          name,
        )
        assert.notEqual(artefact.type, 'unknown')
        assert.ok(findings.every(({ id }) => id !== 'FILE_NOT_ETCD'))
      }
    }
    for (const bytes of [zeros, noise, Buffer.alloc(0)]) {
      const { artefact, ids } = await read(tempFile('notes.txt', bytes))
      assert.deepEqual([artefact.type, ids], ['unknown', ['FILE_NOT_ETCD']])
    }
    assert.deepEqual((await read(tempDir())).ids, ['FILE_NOT_ETCD'])
  })

  it('reports what the operating system refuses, in its words', async () => {
    const directory = tempDir()
    const loop = join(directory, 'loop')
    symlinkSync(loop, loop)
    for (const [path, message] of [
      [join(directory, 'missing'), /^cannot stat: no such file or directory$/],
      [loop, /^cannot stat: /],
      ['/dev/null', /^cannot open: /],
    ] as const) {
      const { artefact, findings } = await read(path)
      assert.deepEqual(artefact, { type: 'unknown', path, bytes: 0, unread: true })
      assert.deepEqual(
        findings.map(({ id, path }) => [id, path]),
        [['FILE_UNREADABLE', path]],
      )
      assert.match(findings[0]?.message ?? '', message)
    }
  })

  it('reports a file that it may not read', { skip }, async () => {
    const path = tempFile('db', fixtureFile('3.5.30', 'restored', 'backup.db'))
    chmodSync(path, 0)
    assert.deepEqual((await read(path)).ids, ['FILE_UNREADABLE'])
    assert.match((await read(path)).findings[0]?.message ?? '', /permission denied/)
  })
})

describe('a data dir', () => {
  const copy = () => fixtureCopy('3.5.30', 'cluster', 'm1')
  const dataDirOf = ({ artefact }: Awaited<ReturnType<typeof read>>) => {
    assert.ok(artefact.type === 'data-dir' && 'dataDir' in artefact)
    return artefact.dataDir
  }

  it('is read whole from itself and from its member', async () => {
    const path = copy()
    for (const given of [path, `${path}/`, join(path, 'member')]) {
      const { snaps, wal, db, membership, extraFiles } = dataDirOf(await read(given))
      assert.equal(snaps.length, 2)
      assert.ok(wal && db && membership)
      assert.deepEqual(extraFiles, [])
      assert.ok(db.path.startsWith(given))
    }
  })

  it('has its WAL elsewhere', async () => {
    const path = copy()
    const elsewhere = join(tempDir(), 'log')
    const before = dataDirOf(await read(path))
    renameSync(join(path, 'member/wal'), elsewhere)
    const without = await read(path)
    assert.ok(without.ids.includes('MEMBER_NO_WAL'))
    assert.ok(!('wal' in dataDirOf(without)))
    const { wal, membership, loadedSnap } = dataDirOf(await read(path, elsewhere))
    assert.equal(wal?.path, elsewhere)
    assert.deepEqual(membership, before.membership)
    assert.equal(loadedSnap?.index, before.loadedSnap?.index)
  })

  it('misses parts', async () => {
    const path = copy()
    renameSync(join(path, 'member/snap/db'), join(path, 'member/snap/old'))
    const noDb = await read(path)
    assert.ok(noDb.ids.includes('MEMBER_NO_DB') && !('db' in dataDirOf(noDb)))
    assert.deepEqual(dataDirOf(noDb).extraFiles, [join(path, 'member/snap/old')])
    renameSync(join(path, 'member/snap'), join(path, 'member/elsewhere'))
    const noSnap = await read(path)
    assert.deepEqual(noSnap.ids, ['MEMBER_NO_DB'])
    assert.deepEqual(dataDirOf(noSnap).snaps, [])
    assert.deepEqual(dataDirOf(noSnap).extraFiles, [join(path, 'member/elsewhere')])
    // The WAL alone still tells who the members are.
    assert.equal(dataDirOf(noSnap).membership?.members.length, 4)
  })

  it('that is empty has nothing, and nothing of its neighbours', async () => {
    const parent = tempDir()
    writeFileSync(join(parent, 'neighbour'), '')
    mkdirSync(join(parent, 'data/member/wal.tmp'), { recursive: true })
    const { artefact, ids } = await read(join(parent, 'data'))
    assert.deepEqual(ids, ['MEMBER_NO_WAL', 'MEMBER_NO_DB'])
    assert.deepEqual(dataDirOf({ artefact, ids, findings: [] }).extraFiles, [
      join(parent, 'data/member/wal.tmp'),
    ])
  })

  it('is read from its snap directory too', async () => {
    const path = join(copy(), 'member/snap')
    const { snaps, db, extraFiles } = dataDirOf(await read(path))
    assert.deepEqual([snaps.length, db?.path, extraFiles], [2, join(path, 'db'), []])
  })

  it('lists what does not belong there', async () => {
    const path = copy()
    const strays = [
      'member/snap/0000000000000001-0000000000000001.snap.broken',
      'member/snap/db.tmp.123',
      'member/wal/0.tmp',
      'member/wal/copy.wal',
      'member/wal.broken.20260101',
    ].map((name) => join(path, name))
    for (const stray of strays) writeFileSync(stray, '')
    const { artefact, ids, findings } = await read(path)
    assert.deepEqual([...dataDirOf({ artefact, ids, findings }).extraFiles].sort(), strays.sort())
    assert.ok(ids.includes('WAL_NAME_IGNORED'))
    assert.ok(findings.every(({ severity }) => severity !== 'error'))
  })

  it('is shown without the file that cannot be read', async () => {
    const path = copy()
    const snap = join(path, 'member/snap/00000000000000ff-00000000000000ff.snap')
    // A directory where a file belongs cannot be read by anybody.
    mkdirSync(snap)
    const { artefact, ids, findings } = await read(path)
    assert.deepEqual(findings.find(({ id }) => id === 'FILE_UNREADABLE')?.path, snap)
    const { snaps, wal, db } = dataDirOf({ artefact, ids, findings })
    assert.ok(snaps.length === 2 && wal && db)
  })

  it('lacks nothing that only cannot be looked at', { skip }, async () => {
    const path = copy()
    chmodSync(join(path, 'member/snap'), 0)
    const { artefact, ids, findings } = await read(path)
    chmodSync(join(path, 'member/snap'), 0o700)
    assert.deepEqual(ids, ['FILE_UNREADABLE'])
    assert.ok(dataDirOf({ artefact, ids, findings }).wal)
  })

  it('has empty files', async () => {
    const path = copy()
    const snap = join(path, 'member/snap/00000000000000ff-00000000000000ff.snap')
    writeFileSync(snap, '')
    writeFileSync(join(path, 'member/snap/db'), '')
    const { findings, artefact, ids } = await read(path)
    const empty = findings.filter(({ id }) => id === 'FILE_EMPTY').map(({ path }) => path)
    assert.deepEqual(empty.sort(), [snap, join(path, 'member/snap/db')].sort())
    const { loadedSnap, snaps } = dataDirOf({ artefact, ids, findings })
    assert.equal(snaps[0]?.loadable, false)
    assert.equal(loadedSnap, snaps[1])
  })

  it('starts from an older .snap when the newest is damaged, and from none that the WAL has not', async () => {
    const path = copy()
    const { snaps } = dataDirOf(await read(path))
    const [newest, older] = snaps
    assert.ok(newest && older)
    assert.equal(dataDirOf(await read(path)).loadedSnap?.path, newest.path)
    writeFileSync(newest.path, Buffer.from('0801120100', 'hex'))
    assert.equal(dataDirOf(await read(path)).loadedSnap?.path, older.path)
    // The .snap of another member: sound, but its term and index are not in this WAL.
    const other = fixtureFile(
      '3.5.30',
      'restored',
      'data/member/snap/0000000000000001-0000000000000001.snap',
    )
    for (const { path: each } of [newest, older]) writeFileSync(each, other)
    assert.equal(dataDirOf(await read(path)).loadedSnap, undefined)
  })
})

it('names a backup that was not saved to its end', async () => {
  const path = join(tempDir(), 'backup.db.part')
  const backup = fixtureFile('3.5.30', 'restored', 'backup.db')
  for (const bytes of [backup, backup.subarray(0, 8192)]) {
    writeFileSync(path, bytes)
    const findings = new Findings()
    await readArtefact(path, findings)
    assert.equal(findings.counts.get('FILE_UNFINISHED'), 1)
    assert.equal(findings.of('error') > 0, bytes !== backup)
  }
})
