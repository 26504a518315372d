/** Paths that are no plain files, and files that no one can read to their end. */
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  ftruncateSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { lengthField, varint } from './forge.ts'
import { run, WAYS } from './program.ts'
import { artefacts, Victim } from './victim.ts'

const SEGMENT = '0000000000000000-0000000000000000.wal'
const SNAP = '0000000000000001-0000000000000002.snap'
const TIB = 1024 ** 4

let directory = ''
before(() => {
  directory = mkdtempSync(join(tmpdir(), 'etcdsnap-odd-'))
})
after(() => rmSync(directory, { recursive: true }))

/** Runs both commands in every way; all have to end with this code, soon, and in little memory. */
function all(path: string, status: number, ways = WAYS, longest = 10_000): string[] {
  const ids = new Set<string>()
  for (const way of ways) {
    const outcome = run([...way, path], { timeout: longest })
    assert.equal(outcome.status, status, `${way.join(' ')} ${path}: ${outcome.stdout}`)
    assert.ok((outcome.mebibytes ?? 0) < 150, `${outcome.mebibytes} MiB`)
    for (const id of outcome.ids) ids.add(id)
  }
  return [...ids]
}

describe('what is no plain file', () => {
  test('a FIFO, under names of artefacts too, without waking its writer', () => {
    for (const name of ['fifo', SEGMENT]) {
      const path = join(directory, name)
      assert.equal(spawnSync('mkfifo', [path]).status, 0)
      const writer = spawn('sh', ['-c', `echo > '${path}'`])
      try {
        assert.deepEqual(all(path, 3), ['FILE_UNREADABLE'])
        assert.equal(writer.exitCode, null)
      } finally {
        writer.kill('SIGKILL')
        rmSync(path)
      }
    }
  })

  test('devices', { skip: process.platform !== 'linux' }, () => {
    for (const path of ['/dev/zero', '/dev/null', '/dev/full', '/dev/tty']) {
      if (existsSync(path)) assert.deepEqual(all(path, 3, WAYS.slice(1, 2)), ['FILE_UNREADABLE'])
    }
  })

  test('a socket', async () => {
    const path = join(directory, 'db')
    const server = createServer().listen(path)
    await new Promise((resolve) => server.once('listening', resolve))
    try {
      assert.deepEqual(all(path, 3), ['FILE_UNREADABLE'])
    } finally {
      server.close()
    }
  })

  test('links in a circle, and into nothing', () => {
    const path = join(directory, 'circle')
    symlinkSync(path, path)
    assert.deepEqual(all(path, 3), ['FILE_UNREADABLE'])
    const dangling = join(directory, 'dangling.snap')
    symlinkSync(join(directory, 'nowhere'), dangling)
    assert.deepEqual(all(dangling, 3), ['FILE_UNREADABLE'])
  })

  test('all of these inside a data dir', () => {
    const [artefact] = artefacts((name) => name.startsWith('3.6.14/killed'))
    assert.ok(artefact)
    const victim = new Victim(artefact, true)
    const snap = join(victim.top, 'member', 'snap')
    spawnSync('mkfifo', [join(snap, '0000000000000009-0000000000000009.snap')])
    spawnSync('mkfifo', [join(snap, '000000000000000a.snap.db')])
    mkdirSync(join(snap, '0000000000000008-0000000000000008.snap'))
    symlinkSync('nowhere', join(snap, '0000000000000007-0000000000000007.snap'))
    symlinkSync('..', join(snap, 'tmp1'))
    symlinkSync('/dev/zero', join(victim.top, 'member', 'wal', '1.tmp'))
    try {
      const { status, ids } = run(['inspect', '--json', victim.top])
      assert.equal(status, 3)
      assert.deepEqual(ids, ['FILE_UNREADABLE'])
    } finally {
      victim.close()
    }
  })
})

describe('a file of 8 TiB', () => {
  const names = [SEGMENT, SNAP, 'db', 'backup.db', '0000000000000002.snap.db', 'nothing']
  for (const name of names) {
    test(`of zeros, named ${name}`, (t) => {
      const path = sparse(name, Buffer.alloc(0), 8 * TIB)
      if (path === undefined) return t.skip('the file system takes no file of this size')
      assert.ok(all(path, name === 'nothing' ? 3 : 1, WAYS.slice(1, 2)).length > 0)
      if (name === SEGMENT) all(path, 1, WAYS.slice(3, 4))
    })
  }

  const [log, snapshot] = ['wal', 'snap'].map((extension) => {
    const [artefact] = artefacts((name) => name.startsWith('3.6.14/') && name.endsWith(extension))
    assert.ok(artefact)
    const victim = new Victim(artefact)
    victim.close()
    return victim.intact
  }) as [Buffer, Buffer]

  test('that begins as a segment does', (t) => {
    const path = sparse(SEGMENT, log, 8 * TIB)
    if (path === undefined) return t.skip('the file system takes no file of this size')
    assert.deepEqual(all(path, 0, WAYS.slice(2, 4)), ['WAL_NOT_READ_ON'])
  })

  test('that begins as a segment does, and is damaged', (t) => {
    const damaged = Buffer.from(log)
    damaged[100] = 0xff
    const path = sparse(SEGMENT, damaged, 8 * TIB)
    if (path === undefined) return t.skip('the file system takes no file of this size')
    all(path, 1, WAYS.slice(2, 4))
  })

  test('that begins with a record of all its length', (t) => {
    const record = Buffer.concat([lengthField(8 * TIB - 16), Buffer.from([8, 2, 16, 1, 26])])
    const path = sparse(SEGMENT, record, 8 * TIB)
    if (path === undefined) return t.skip('the file system takes no file of this size')
    // Its sectors of zeros make it a torn record.
    assert.ok(all(path, 1, WAYS.slice(1, 2)).includes('WAL_TORN_TAIL'))
  })

  test('whose first record, or data, is all of it', (t) => {
    const size = 8 * TIB
    const record = Buffer.from([8, 2, 16, 1, 26, ...varint(size - 20)])
    const segment = sparse(SEGMENT, Buffer.concat([lengthField(size - 8), record]), size)
    const data = Buffer.from([8, 2, 18, ...varint(size - 10)])
    const snap = sparse(SNAP, data, size)
    if (segment === undefined || snap === undefined) return t.skip('no file of this size')
    all(segment, 1, WAYS.slice(1, 2))
    assert.deepEqual(all(snap, 1, WAYS.slice(1, 2)), ['SNAP_UNDECODABLE'])
  })

  test('that begins as a .snap does', (t) => {
    const path = sparse(SNAP, snapshot, 8 * TIB)
    if (path === undefined) return t.skip('the file system takes no file of this size')
    all(path, 1, WAYS.slice(1, 2))
  })

  function sparse(name: string, head: Buffer, size: number): string | undefined {
    const path = join(mkdtempSync(join(directory, 'sparse-')), name)
    const fd = openSync(path, 'w')
    writeSync(fd, head, 0, head.length, 0)
    try {
      ftruncateSync(fd, size)
    } catch {
      return undefined
    }
    return path
  }
})

test('a directory of ten thousand files', () => {
  const wal = join(directory, 'many', 'member', 'wal')
  const snap = join(directory, 'many', 'member', 'snap')
  mkdirSync(wal, { recursive: true })
  mkdirSync(snap)
  for (let i = 0; i < 5000; i++) {
    const number = i.toString(16).padStart(16, '0')
    writeFileSync(join(wal, `${number}-${number}.wal`), '')
    writeFileSync(join(snap, `${number}-${number}.snap`), '')
  }
  all(join(directory, 'many'), 1, WAYS.slice(1, 2))
  all(wal, 1, WAYS.slice(3, 4))
})

test('paths that are long, odd, or not there', () => {
  const odd = join(directory, 'odd \u001b[31m\n\u202e name')
  cpSync(new URL('../fixtures/README.md', import.meta.url), odd)
  const { stdout } = run(['inspect', odd])
  assert.ok(!stdout.includes('\u001b'))
  all(odd, 3, WAYS.slice(0, 3))
  all(join(directory, 'x'.repeat(300)), 3)
  all(join(directory, 'nowhere'), 3)
  all(join(directory, 'nowhere', 'db'), 3)
})
