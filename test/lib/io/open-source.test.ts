import assert from 'node:assert/strict'
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { describe, it } from 'node:test'
import { gzipSync } from 'node:zlib'
import { Findings } from '../../../src/lib/findings/findings.ts'
import { openSource } from '../../../src/lib/io/open-source.ts'
import { fileNameOf, type Source } from '../../../src/lib/io/source.ts'
import { fixtureFile } from '../../support/fixtures.ts'
import { lacking, pack, storedZstd, streamedZip, zip } from '../../support/pack.ts'
import { tempDir, tempFile } from '../../support/temp-dir.ts'

const backup = fixtureFile('3.6.14', 'restored', 'backup.db')
const noZstd = lacking('zstd')
const noZip = lacking('zip')

/** Compressible, and longer than any buffer. */
const long = Buffer.alloc(3_000_000, backup)

function bytesOf(source: Source): Buffer {
  const bytes = Buffer.alloc(source.size)
  assert.equal(source.read(0, bytes), bytes.length)
  return bytes
}

async function open(path: string) {
  const findings = new Findings()
  const source = await openSource(path, findings)
  const opened = source && {
    bytes: bytesOf(source),
    name: source.name,
    fileName: fileNameOf(source),
  }
  source?.close()
  return { ...opened, ids: findings.list.map(({ id }) => id), findings: findings.list }
}

/** Opens what holds these bytes and nothing else, and gives no reason for a finding. */
async function assertUnpacked(path: string, bytes: Uint8Array, fileName?: string): Promise<void> {
  const opened = await open(path)
  assert.deepEqual(opened.findings, [])
  assert.ok(opened.bytes?.equals(bytes), 'the bytes that were packed')
  assert.equal(opened.name, path)
  if (fileName !== undefined) assert.equal(opened.fileName, fileName)
}

describe('openSource', () => {
  it('opens a plain file as it is', async () => {
    await assertUnpacked(tempFile('backup.db', backup), backup, 'backup.db')
  })

  it('reads what gzip wrote', async () => {
    await assertUnpacked(pack('gzip', 'backup.db', backup), backup, 'backup.db')
    await assertUnpacked(pack('gzip', 'x', long, ['-1']), long, 'x')
    const bare = gzipSync(backup, { level: 0 })
    await assertUnpacked(tempFile('backup.db.GZ', bare), backup, 'backup.db')
  })

  it('reads gzip of several members, as pigz, bgzip and cat make them, and zeros behind it', async () => {
    const parts = Array.from({ length: 300 }, (_, i) => backup.subarray(i * 50, (i + 1) * 50))
    const members = [...parts, backup.subarray(300 * 50)].map((part) => gzipSync(part))
    await assertUnpacked(tempFile('many.gz', Buffer.concat(members)), backup)
    const zeros = Buffer.concat([gzipSync(backup), Buffer.alloc(10_000)])
    await assertUnpacked(tempFile('tape.gz', zeros), backup)
  })

  it('reads gzip with every field that its head may have', async () => {
    const [head, body] = [gzipSync(backup).subarray(0, 10), gzipSync(backup).subarray(10)]
    head[3] = 2 | 4 | 8 | 16
    const fields = Buffer.from('\x05\x00extra' + 'name\x00' + 'comment\x00' + '\x12\x34', 'latin1')
    await assertUnpacked(tempFile('fields.gz', Buffer.concat([head, fields, body])), backup)
  })

  it('reads what zstd wrote', { skip: noZstd }, async () => {
    await assertUnpacked(pack('zstd', 'backup.db', backup), backup, 'backup.db')
    for (const options of [['-1'], ['-19'], ['--no-check'], ['--long=27'], ['--fast=5']]) {
      await assertUnpacked(pack('zstd', 'long', long, options), long, 'long')
    }
  })

  it('reads zstd frames that store, that follow each other, and that are to be skipped', async () => {
    const stored = storedZstd(backup)
    const skipped = Buffer.concat([Buffer.from('582a4d1803000000', 'hex'), Buffer.from('abc')])
    await assertUnpacked(tempFile('a.zst', stored), backup, 'a')
    const frames = Buffer.concat([skipped, stored, skipped, stored, skipped])
    await assertUnpacked(tempFile('b.zst', frames), Buffer.concat([backup, backup]))
  })

  it('reads the only file of a zip, under its own name', { skip: noZip }, async () => {
    await assertUnpacked(pack('zip', 'etcd-snapshot-1700000000', long), long)
    await assertUnpacked(pack('zip', 'db', backup, ['-0']), backup, 'db')
    await assertUnpacked(pack('zip', 'db', backup, ['-fz']), backup, 'db')
    await assertUnpacked(streamedZip('on-demand-server-1', long), long, 'on-demand-server-1')
  })

  it('reads the file of a zip that has the name of an artefact', { skip: noZip }, async () => {
    const directory = tempDir()
    const paths = ['snapshot.db', 'README.txt', '.DS_Store'].map((name) => join(directory, name))
    for (const path of paths) writeFileSync(path, path.endsWith('.db') ? backup : 'text')
    await assertUnpacked(zip(paths), backup, 'snapshot.db')
  })

  it('asks which of several files is meant, and takes the one that is named', {
    skip: noZip,
  }, async () => {
    const directory = tempDir()
    mkdirSync(join(directory, 'sub'))
    const paths = ['a.db', 'sub/b.db'].map((name) => join(directory, name))
    for (const path of paths) writeFileSync(path, Buffer.concat([backup, Buffer.from(path)]))
    const path = zip(paths)
    const unclear = await open(path)
    assert.deepEqual(unclear.ids, ['FILE_ARCHIVE_UNCLEAR'])
    assert.match(unclear.findings[0]?.message ?? '', /2 files \(a\.db, sub\/b\.db\)/)
    assert.equal(unclear.bytes, undefined)
    await assertUnpacked(`${path}:sub/b.db`, readFileSync(paths[1] as string), 'b.db')
    assert.deepEqual((await open(`${path}:b.db`)).ids, ['FILE_ARCHIVE_UNCLEAR'])
    const other = pack('gzip', 'x', backup)
    assert.deepEqual((await open(`${other}:b.db`)).ids, ['FILE_UNREADABLE'])
  })

  it('takes a colon in a name for itself', async () => {
    await assertUnpacked(tempFile('2026-01-01T00:00:00.db', backup), backup)
  })

  it('says so when an archive holds nothing', async () => {
    const empty = Buffer.alloc(22)
    empty.write('PK\x05\x06', 'latin1')
    assert.deepEqual((await open(tempFile('x.zip', empty))).ids, ['FILE_ARCHIVE_UNCLEAR'])
  })

  it('unpacks what was packed twice, and not thrice', async () => {
    const once = gzipSync(backup)
    const twice = storedZstd(once)
    await assertUnpacked(tempFile('backup.db.gz.zst', twice), backup, 'backup.db')
    const thrice = await open(tempFile('backup.db.gz.zst.gz', gzipSync(twice)))
    assert.deepEqual(thrice.ids, ['FILE_COMPRESSION_UNSUPPORTED'])
    assert.equal(thrice.bytes, undefined)
  })

  it('notes a name that says otherwise', async () => {
    for (const [name, bytes, found] of [
      ['backup.db', gzipSync(backup), 'gzip'],
      ['backup.zip', storedZstd(backup), 'zstd'],
      ['backup.db.gz', backup, 'none'],
    ] as const) {
      const opened = await open(tempFile(name, bytes))
      assert.ok(opened.bytes?.equals(backup))
      const [finding] = opened.findings
      assert.deepEqual(
        [opened.ids, finding?.severity, finding?.found],
        [['FILE_COMPRESSION_NAME'], 'info', found],
      )
    }
  })

  it('says what holds no bytes', async () => {
    for (const [name, bytes] of [
      ['x.gz', Buffer.alloc(0)],
      ['x.zst', Buffer.alloc(0)],
      ['x.gz', gzipSync('')],
    ] as const) {
      const opened = await open(tempFile(name, bytes))
      assert.deepEqual([opened.ids, opened.bytes], [['FILE_EMPTY'], undefined])
    }
  })

  it('reports what the operating system refuses', async () => {
    const missing = join(tempDir(), 'missing.gz')
    const opened = await open(missing)
    assert.deepEqual([opened.ids, opened.findings[0]?.path], [['FILE_UNREADABLE'], missing])
    assert.deepEqual((await open(tempDir())).ids, ['FILE_UNREADABLE'])
  })

  it('leaves nothing behind, and the input as it was', async () => {
    const path = pack('gzip', 'backup.db', long)
    const stateOf = (): unknown[] => {
      const { mode, size, ino, nlink, mtimeNs, ctimeNs } = statSync(path, { bigint: true })
      return [mode, size, ino, nlink, mtimeNs, ctimeNs, readFileSync(path)]
    }
    const before = stateOf()
    const { TMPDIR } = process.env
    const temporary = tempDir()
    process.env.TMPDIR = temporary
    try {
      const source = await openSource(path, new Findings())
      assert.equal(source?.size, long.length)
      // While it is open, too: the temporary file has no name.
      assert.deepEqual(readdirSync(temporary), [])
      source.close()
    } finally {
      if (TMPDIR === undefined) delete process.env.TMPDIR
      else process.env.TMPDIR = TMPDIR
    }
    assert.deepEqual(readdirSync(temporary), [])
    assert.deepEqual(readdirSync(dirname(path)).sort(), ['backup.db', basename(path)])
    assert.deepEqual(stateOf(), before)
  })
})
