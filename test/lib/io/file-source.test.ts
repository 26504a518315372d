import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { appendFileSync, closeSync, openSync, symlinkSync, truncateSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { FileSource } from '../../../src/lib/io/file-source.ts'
import { isSystemError } from '../../../src/lib/io/system-error.ts'
import { tempDir, tempFile } from '../../support/temp-dir.ts'

describe('FileSource', () => {
  it('reads from any offset, and less only at the end', () => {
    const source = new FileSource('shown', tempFile('file', 'etcdsnap'))
    assert.deepEqual([source.name, source.size], ['shown', 8])
    const three = Buffer.alloc(3, '.')
    assert.equal(source.read(4, three), 3)
    assert.equal(three.toString(), 'sna')
    const much = Buffer.alloc(5, '.')
    assert.equal(source.read(6, much), 2)
    assert.equal(much.toString(), 'ap...')
    assert.equal(source.read(8, much), 0)
    assert.equal(source.read(1000, much), 0)
    source.close()
  })

  it('refuses a directory in the words of the operating system', () => {
    assert.throws(() => new FileSource(tempDir()), { code: 'EISDIR', syscall: 'open' })
  })

  it('refuses a FIFO at once, although nobody writes to it', { timeout: 10_000 }, () => {
    const fifo = join(tempDir(), 'fifo')
    execFileSync('sh', ['-c', 'mkfifo "$0"', fifo])
    assert.throws(() => new FileSource(fifo), { code: 'EINVAL', syscall: 'open', path: fifo })
  })

  it('refuses what is not there, and leaves no descriptor behind', () => {
    const path = join(tempDir(), 'missing')
    assert.throws(
      () => new FileSource(path),
      (error) => isSystemError(error) && error.code === 'ENOENT' && error.path === path,
    )
    const probe = () => {
      const fd = openSync('/dev/null', 'r')
      closeSync(fd)
      return fd
    }
    const before = probe()
    for (let i = 0; i < 20; i++) assert.throws(() => new FileSource(tempDir()))
    assert.equal(probe(), before)
  })

  it('notices that the file was written to, cut or touched', () => {
    const changes: ((path: string) => void)[] = [
      (path) => appendFileSync(path, 'x'),
      (path) => truncateSync(path, 3),
      (path) => utimesSync(path, 1, 1),
    ]
    for (const change of changes) {
      const path = tempFile('file', 'etcdsnap')
      const source = new FileSource(path)
      assert.equal(source.changed(), false)
      change(path)
      assert.equal(source.changed(), true)
      assert.equal(source.size, 8)
      source.close()
    }
  })

  it('gives what is left of a file that was cut after it was opened', () => {
    const path = tempFile('file', 'etcdsnap')
    const source = new FileSource(path)
    truncateSync(path, 3)
    assert.equal(source.read(0, Buffer.alloc(8)), 3)
    source.close()
  })
})

describe('isSystemError', () => {
  it('tells what the operating system refused from our own mistakes', () => {
    const loop = join(tempDir(), 'loop')
    symlinkSync(loop, loop)
    assert.throws(() => openSync(loop, 'r'), isSystemError)
    assert.equal(isSystemError(new TypeError('x is not a function')), false)
    assert.equal(isSystemError(Object.assign(new Error('no'), { code: 'ERR_OURS' })), false)
    assert.equal(isSystemError({ code: 'ENOENT', syscall: 'open' }), false)
  })
})
