import assert from 'node:assert/strict'
import { chmodSync, fstatSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { NoRoomError } from '../../../src/lib/io/no-room.ts'
import { Spool } from '../../../src/lib/io/spool.ts'
import { tempDir } from '../../support/temp-dir.ts'

const KIB = 1024
const MIB = 1024 * KIB

function detailsOf(act: () => void): NoRoomError['details'] {
  try {
    act()
  } catch (error) {
    assert.ok(error instanceof NoRoomError)
    return error.details
  }
  assert.fail('there was room')
}

describe('Spool', () => {
  it('keeps what is written, in a file that nobody else can open', () => {
    const directory = tempDir()
    const spool = new Spool(directory)
    spool.write(Buffer.from('etcd'))
    spool.write(Buffer.from('snap'))
    const source = spool.source('backup.db.gz', 'backup.db')
    assert.deepEqual(readdirSync(directory), [])
    const { mode, nlink, size } = fstatSync(source.fd as number)
    assert.deepEqual([mode & 0o777, nlink, size], [0o600, 0, 8])
    assert.deepEqual([source.name, source.fileName, source.size], ['backup.db.gz', 'backup.db', 8])
    const bytes = Buffer.alloc(6)
    assert.equal(source.read(4, bytes), 4)
    assert.equal(bytes.toString(), 'snap\0\0')
    source.close()
  })

  it('writes no further than there is room', () => {
    let room = 40 * MIB
    let looks = 0
    const spool = new Spool(tempDir(), () => {
      looks += 1
      return room
    })
    const chunk = Buffer.alloc(64 * KIB)
    const { message, expected, found } = detailsOf(() => {
      for (;;) {
        spool.write(chunk)
        room -= chunk.length
      }
    })
    assert.match(message, /has no room for a temporary file: set TMPDIR/)
    assert.equal(spool.bytes, 40 * MIB)
    assert.deepEqual(
      [expected, found],
      [`at least ${40 * MIB + 64 * KIB} bytes`, `room for ${40 * MIB} bytes`],
    )
    assert.ok(looks < 10, `looked ${looks} times`)
    spool.close()
  })

  it('refuses at once what will not fit', () => {
    const spool = new Spool(tempDir(), () => 5000)
    spool.expect(5000)
    const { expected, found } = detailsOf(() => spool.expect(5001))
    assert.deepEqual([expected, found], ['at least 5001 bytes', 'room for 5000 bytes'])
    assert.equal(
      detailsOf(() => new Spool(tempDir(), () => -1).expect(1)).found,
      'room for 0 bytes',
    )
    spool.close()
  })

  it('says which directory takes no file, and why', () => {
    const missing = join(tempDir(), 'missing')
    const { message } = detailsOf(() => new Spool(missing))
    assert.ok(message.includes(`made in ${missing} (no such file or directory): set TMPDIR`))
  })

  it('says which directory may not be written to', {
    skip: process.getuid?.() === 0 && 'root may write everywhere',
  }, () => {
    const directory = join(tempDir(), 'closed')
    mkdirSync(directory)
    chmodSync(directory, 0o500)
    assert.match(detailsOf(() => new Spool(directory)).message, /permission denied/)
  })
})
