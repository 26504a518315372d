import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { crc32, gzipSync } from 'node:zlib'
import fc from 'fast-check'
import type { Finding } from '../../../src/lib/findings/finding.ts'
import { Findings } from '../../../src/lib/findings/findings.ts'
import { openSource } from '../../../src/lib/io/open-source.ts'
import { fixtureFile } from '../../support/fixtures.ts'
import { lacking, pack, spoilt, storedZstd, streamedZip } from '../../support/pack.ts'
import { tempFile } from '../../support/temp-dir.ts'

const backup = fixtureFile('3.6.14', 'restored', 'backup.db')
/** Many blocks and chunks, evenly compressible. */
const long = Buffer.concat(
  Array.from({ length: 20_000 }, (_, i) => {
    const noise = createHash('sha256').update(String(i)).digest('hex')
    return Buffer.from(`/registry/pods/default/${noise}`)
  }),
)
const packed = gzipSync(long)

const noZstd = lacking('zstd')
const noZip = lacking('zip')

interface Opened {
  readonly bytes: Buffer
  readonly findings: readonly Finding[]
  readonly ids: readonly string[]
}

async function open(name: string, packed: Uint8Array): Promise<Opened> {
  const findings = new Findings()
  const source = await openSource(tempFile(name, packed), findings)
  const bytes = Buffer.alloc(source?.size ?? 0)
  source?.read(0, bytes)
  source?.close()
  return { bytes, findings: findings.list, ids: findings.list.map(({ id }) => id) }
}

/** Opens what is damaged; the only finding. */
async function damage(
  name: string,
  packed: Uint8Array,
): Promise<Omit<Finding, 'bytes'> & { bytes: Buffer }> {
  const { bytes, findings, ids } = await open(name, packed)
  assert.deepEqual(ids, ['FILE_COMPRESSION_DAMAGED'])
  const [finding] = findings as [Finding]
  assert.ok((finding.offset ?? -1) >= 0 && (finding.offset ?? 0) <= packed.length)
  return { ...finding, bytes }
}

/** Whether these are the first bytes of what was packed, and how many. */
function assertBegins(bytes: Buffer, least: number, whole: Buffer = long): void {
  assert.ok(bytes.equals(whole.subarray(0, bytes.length)), 'other bytes than were packed')
  assert.ok(bytes.length >= least, `${bytes.length} of at least ${least} bytes`)
}

describe('gzip that is damaged', () => {
  it('was cut: what is there is there, to the last byte that could be told', async () => {
    const half = await damage('x.gz', packed.subarray(0, packed.length / 2))
    assertBegins(half.bytes, long.length * 0.4)
    assert.equal(half.offset, Math.floor(packed.length / 2))
    assert.equal(half.severity, 'error')
    assert.match(half.message, new RegExp(`breaks off; ${half.bytes.length} bytes were unpacked`))
    for (const cut of [1, 4, 7, 8]) {
      const { bytes, message } = await damage('x.gz', packed.subarray(0, -cut))
      assertBegins(bytes, long.length)
      assert.match(message, /ends before its checksum/)
    }
    for (const length of [2, 9, 10, 11]) {
      const { bytes } = await damage('x.gz', packed.subarray(0, length))
      assert.equal(bytes.length, 0)
    }
  })

  it('fails its checksum', async () => {
    const bad = Buffer.from(packed)
    bad.writeUInt32LE(0xdeadbeef, packed.length - 8)
    const { bytes, expected, found, offset } = await damage('x.gz', bad)
    assertBegins(bytes, long.length)
    const computed = crc32(long).toString(16).padStart(8, '0')
    assert.deepEqual([expected, found, offset], ['deadbeef', computed, packed.length - 8])
  })

  it('stores another length', async () => {
    const bad = Buffer.from(packed)
    bad.writeUInt32LE(7, packed.length - 4)
    const { bytes, expected, found } = await damage('x.gz', bad)
    assertBegins(bytes, long.length)
    assert.deepEqual([expected, found], ['7 bytes', `${long.length} bytes`])
  })

  it('has a member that is damaged, and those behind it are read', async () => {
    const bad = Buffer.from(packed)
    bad.writeUInt32LE(1, packed.length - 8)
    const { bytes } = await damage('x.gz', Buffer.concat([packed, bad, packed]))
    assert.ok(bytes.equals(Buffer.concat([long, long, long])))
  })

  it('is followed by something else, which is a warning', async () => {
    const { bytes, severity, offset } = await damage('x.gz', Buffer.concat([packed, backup]))
    assertBegins(bytes, long.length)
    assert.deepEqual([severity, offset], ['warning', packed.length])
  })

  it('has a head that nobody writes', async () => {
    for (const [at, value] of [
      [2, 7],
      [3, 0x80],
    ] as const) {
      const bad = Buffer.from(packed)
      bad[at] = value
      const { bytes, offset } = await damage('x.gz', bad)
      assert.deepEqual([bytes.length, offset], [0, 0])
    }
  })

  it('has bytes that are no DEFLATE: what was inflated before is there', async () => {
    const stored = gzipSync(long, { level: 0 })
    const bad = Buffer.from(stored)
    // Where the first stored block ends, and the head of the next begins.
    const second = 10 + 5 + stored.readUInt16LE(11)
    bad.writeUInt16LE(0, second + 1)
    const { bytes, offset = 0, message } = await damage('x.gz', bad)
    assertBegins(bytes, second - 16 * 1024)
    assert.match(message, /the gzip data is damaged: invalid stored block lengths/)
    assert.ok(offset <= second && offset >= second - 16 * 1024)
  })
})

describe('zstd that is damaged', () => {
  const stored = storedZstd(long)

  it('was cut: all blocks before are there', async () => {
    const { bytes, message, offset } = await damage('x.zst', stored.subarray(0, 10_000))
    assertBegins(bytes, 9 * 1024)
    assert.match(message, /breaks off/)
    assert.equal(offset, 10_000)
    for (const length of [4, 5, 6, 8]) {
      assert.equal((await damage('x.zst', stored.subarray(0, length))).bytes.length, 0)
    }
  })

  it('has a block that is damaged: all before it are there, and it is told where', async () => {
    const bad = Buffer.from(stored)
    // The reserved type of block.
    bad[6 + 5 * (3 + 1024)] = 0x07
    const { bytes, offset, message } = await damage('x.zst', bad)
    assertBegins(bytes, 5 * 1024)
    assert.match(message, /a block is damaged/)
    assert.ok(Math.abs((offset ?? 0) - (6 + 5 * 1027)) <= 1027)
  })

  it('fails its checksum', { skip: noZstd }, async () => {
    const path = pack('zstd', 'x', long)
    const { bytes, message } = await damage('x.zst', spoilt(path, -1))
    assertBegins(bytes, long.length)
    assert.match(message, /fail their checksum/)
  })

  it('is followed by something else, which is a warning', async () => {
    const { bytes, severity, offset } = await damage('x.zst', Buffer.concat([stored, backup]))
    assertBegins(bytes, long.length)
    assert.deepEqual([severity, offset], ['warning', stored.length])
  })

  it('wants more memory or room than there is, or a dictionary', async () => {
    // Windows of 2 GiB, and of 128 MiB and a bit; a dictionary called 7.
    for (const [header, about] of [
      ['28b52ffd00a8', /window of 2147483648 bytes/],
      ['28b52ffd0089', /window of 150994944 bytes/],
    ] as const) {
      const { ids, bytes, findings } = await open('x.zst', Buffer.from(`${header}010000`, 'hex'))
      assert.deepEqual([ids, bytes.length], [['FILE_COMPRESSION_UNSUPPORTED'], 0])
      assert.match(findings[0]?.message ?? '', about)
    }
    const claimed = await open('x.zst', Buffer.from('28b52ffdc0500000000000000010', 'hex'))
    assert.deepEqual(claimed.ids, ['FILE_NO_ROOM'])
    assert.equal(claimed.findings[0]?.expected, `at least ${2 ** 60} bytes`)
    const named = await damage('x.zst', Buffer.from('28b52ffd010007010000', 'hex'))
    assert.match(named.message, /dictionary/)
  })
})

describe('a zip that is damaged', { skip: noZip }, () => {
  it('was cut, so that it has no directory: its first file is there', async () => {
    for (const path of [pack('zip', 'snapshot', long), streamedZip('snapshot', long)]) {
      const archive = readFileSync(path)
      const half = await open('x.zip', archive.subarray(0, archive.length / 2))
      assert.deepEqual(half.ids, ['FILE_COMPRESSION_DAMAGED', 'FILE_COMPRESSION_DAMAGED'])
      assertBegins(half.bytes, long.length * 0.4)
      const { bytes, message } = await damage('x.zip', archive.subarray(0, -1))
      assertBegins(bytes, long.length)
      assert.match(message, /directory of the zip archive cannot be read/)
    }
    const stored = readFileSync(pack('zip', 'snapshot', long, ['-0']))
    const { bytes } = await damage('x.zip', stored.subarray(0, -30))
    assertBegins(bytes, long.length)
  })

  it('has a file that fails its checksum', async () => {
    const stored = spoilt(pack('zip', 'snapshot', backup, ['-0']), 1000)
    const { bytes, expected, found } = await damage('x.zip', stored)
    assert.equal(bytes.length, backup.length)
    const computed = [backup, bytes].map((each) => crc32(each).toString(16).padStart(8, '0'))
    assert.deepEqual([expected, found], computed)
  })

  it('has a file that is damaged inside', async () => {
    const archive = readFileSync(pack('zip', 'snapshot', long))
    const bad = archive.fill(0xff, archive.length / 2, archive.length / 2 + 64)
    const { bytes } = await damage('x.zip', bad)
    assert.ok(bytes.length > long.length / 4)
  })

  it('has a directory that leads nowhere', async () => {
    const archive = readFileSync(pack('zip', 'snapshot', backup))
    const at = archive.indexOf('PK\x01\x02')
    archive.writeUInt32LE(5, at + 42)
    const { bytes, message } = await damage('x.zip', archive)
    assert.equal(bytes.length, 0)
    assert.match(message, /head of snapshot/)
  })

  it('was encrypted, or packed in a way that is not read', async () => {
    const cases: [string, RegExp][] = [
      [pack('zip', 'snapshot', backup, ['-P', 'secret']), /encrypted/],
      [pack('zip', 'snapshot', long, ['-Z', 'bzip2']), /bzip2/],
    ]
    for (const [path, about] of cases) {
      const { ids, bytes, findings } = await open('x.zip', readFileSync(path))
      assert.deepEqual([ids, bytes.length], [['FILE_COMPRESSION_UNSUPPORTED'], 0])
      assert.match(findings[0]?.message ?? '', about)
    }
  })

  it('claims a size that nobody has room for', async () => {
    const archive = readFileSync(pack('zip', 'snapshot', backup, ['-X']))
    const directory = archive.indexOf('PK\x01\x02')
    const end = archive.indexOf('PK\x05\x06')
    const extra = Buffer.from('010008000000000000000010', 'hex')
    archive.writeUInt32LE(0xffffffff, directory + 24)
    archive.writeUInt16LE(extra.length, directory + 30)
    const bomb = Buffer.concat([archive.subarray(0, end), extra, archive.subarray(end)])
    const { ids, findings } = await open('x.zip', bomb)
    assert.deepEqual(ids, ['FILE_NO_ROOM'])
    assert.equal(findings[0]?.expected, `at least ${2 ** 60} bytes`)
  })
})

describe('any damage', () => {
  const files: [string, Buffer][] = [
    ['x.gz', gzipSync(backup)],
    ['x.zst', storedZstd(backup)],
    ...(noZstd ? [] : [['y.zst', readFileSync(pack('zstd', 'y', backup))] as [string, Buffer]]),
    ...(noZip ? [] : [['x.zip', readFileSync(streamedZip('x', backup))] as [string, Buffer]]),
  ]

  it('is found, or did no harm', async () => {
    const change = fc.record({
      file: fc.constantFrom(...files),
      at: fc.double({ min: 0, max: 0.999_999, noNaN: true }),
      noise: fc.uint8Array({ minLength: 1, maxLength: 6 }),
      cut: fc.boolean(),
    })
    await fc.assert(
      fc.asyncProperty(change, async ({ file: [name, intact], at, noise, cut }) => {
        const offset = Math.floor(at * intact.length)
        const bytes = Buffer.from(cut ? intact.subarray(0, offset) : intact)
        if (!cut) bytes.set(noise.subarray(0, bytes.length - offset), offset)
        const opened = await open(name, bytes)
        const errors = opened.findings.filter(({ severity }) => severity === 'error')
        // Without its magic it is no compressed file, of which only the name still tells.
        const plain = opened.ids.includes('FILE_COMPRESSION_NAME')
        // zstd without a checksum tells nothing of bytes that are stored.
        const unchecked = name === 'x.zst' && opened.bytes.length === backup.length
        assert.ok(errors.length > 0 || plain || unchecked || opened.bytes.equals(backup))
      }),
      { numRuns: 400 },
    )
  })
})
