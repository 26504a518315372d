import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { crc32c } from '../../../src/lib/checksum/crc32c.ts'
import type { Finding } from '../../../src/lib/findings/finding.ts'
import { Findings } from '../../../src/lib/findings/findings.ts'
import { MemorySource } from '../../../src/lib/io/source.ts'
import { raftpb, snappb } from '../../../src/lib/proto/generated/etcd.js'
import { isSnapFile, readSnapFile, type SnapFile } from '../../../src/lib/snap/snap-file.ts'
import { fixture } from '../../support/fixtures.ts'

const { dir, truth } = fixture('3.5.30', 'cluster')
const snapDir = join(dir, 'm1/member/snap')
const NAME = readdirSync(snapDir)
  .filter((name) => name.endsWith('.snap'))
  .sort()[0] as string
const real = readFileSync(join(snapDir, NAME))

function read(bytes: Uint8Array, name = NAME): { snap: SnapFile; found: Finding[]; ids: string[] } {
  const findings = new Findings()
  const snap = readSnapFile(new MemorySource(name, bytes), findings)
  return { snap, found: findings.list, ids: findings.list.map(({ id }) => id) }
}

const is = (bytes: Uint8Array) => isSnapFile(new MemorySource('x', bytes))

/** A file around a raft snapshot, with its checksum unless another is given. */
function fileOf(inner: Uint8Array, crc: number | undefined = crc32c(inner)): Uint8Array {
  return snappb.Snapshot.encode({ crc, data: inner }).finish()
}

function innerOf(data: string, metadata: raftpb.SnapshotMetadata.$Properties = {}): Uint8Array {
  return raftpb.Snapshot.encode({ data: Buffer.from(data), metadata }).finish()
}

const concat = (...parts: (Uint8Array | number[])[]) =>
  Buffer.concat(parts.map((part) => Uint8Array.from(part)))

describe('readSnapFile', () => {
  it('reads a real .snap', () => {
    const { snap, found } = read(real)
    const crc = real.readUInt8(0) === 8 ? snappb.Snapshot.decode(real).crc : undefined
    assert.deepEqual(snap.crc, { stored: crc, computed: crc, ok: true })
    assert.equal(snap.bytes, real.length)
    assert.ok(snap.loadable && snap.fileName?.ok)
    assert.deepEqual([snap.term, snap.index], [snap.fileName?.term, snap.fileName?.index])
    assert.equal(snap.data?.format, 'v2store')
    assert.equal(snap.confState?.voters.length, 3)
    assert.equal(snap.confState?.learners.length, 1)
    assert.equal(snap.store?.members.length, truth.cluster.members.length)
    assert.equal(snap.store?.removedMembers.length, 1)
    assert.equal(snap.store?.clusterVersion, '3.5.0')
    assert.deepEqual(snap.store?.userKeys, ['/1/dir/a', '/1/dir/b', '/1/top'])
    assert.deepEqual(
      found.map(({ id, severity, found }) => [id, severity, found]),
      [['SNAP_V2_KEYS', 'warning', '/1/dir/a /1/dir/b /1/top']],
    )
  })

  it('reads the head that etcd 3.5.30 writes: crc, then data', () => {
    // 08 a2b18e9803 12 c237 0a aa37, of a file of 7108 bytes.
    const head = Buffer.from('08a2b18e980312c2370aaa37', 'hex')
    const bytes = Buffer.concat([head, Buffer.alloc(9 + 0x1bc2 - head.length, 0x20)])
    const { snap, found } = read(bytes)
    assert.ok(is(bytes))
    assert.equal(snap.crc?.stored, 0x330398a2)
    assert.equal(snap.crc?.computed, crc32c(bytes.subarray(9)))
    assert.deepEqual(
      [found[0]?.id, found[0]?.offset, found[0]?.bytes],
      ['SNAP_CRC_MISMATCH', 9, 7106],
    )
  })

  it('reads the metadata bytes that real servers write', () => {
    const cases: [string, bigint, object][] = [
      // 3.5.30, one voter.
      ['0a0c0896f2a4b58db1ab8641 2800 102a 1802', 0x410cad88d6a93916n, { index: 42, term: 2 }],
      // 3.3.25, which calls voters nodes and knows no more fields.
      ['0a0b08edb2b482fcc8b3d2c501 1001 1801', 0xc5a4ce47c04d196dn, { index: 1, term: 1 }],
    ]
    for (const [hex, voter, expected] of cases) {
      const bytes = Buffer.from(hex.replaceAll(' ', ''), 'hex')
      const { snap, ids } = read(fileOf(concat([0x12, bytes.length], bytes)), 'x')
      assert.deepEqual(ids, [])
      assert.deepEqual({ index: snap.index, term: snap.term }, expected)
      assert.deepEqual(snap.confState?.voters, [voter])
      assert.deepEqual(snap.data, { format: 'empty', bytes: 0 })
    }
  })

  it('reads the five fields of a ConfState, packed or not', () => {
    const confState = {
      voters: [1, 2],
      learners: [3],
      voters_outgoing: [4],
      learners_next: [5],
      auto_leave: true,
    }
    const expected = {
      voters: [1, 2],
      learners: [3],
      votersOutgoing: [4],
      learnersNext: [5],
      autoLeave: true,
    }
    const metadata = { conf_state: confState, index: 7, term: 3 }
    assert.deepEqual(read(fileOf(innerOf('', metadata))).snap.confState, expected)
    assert.deepEqual(
      read(fileOf(concat([0x12, 10, 0x0a, 4, 0x0a, 2, 1, 2, 0x10, 7, 0x18, 3]))).snap.confState,
      { ...expected, learners: [], votersOutgoing: [], learnersNext: [], autoLeave: false },
    )
  })

  it('finds every flipped bit of the data, and every flipped bit of the checksum', () => {
    const { crc: stored, data } = snappb.Snapshot.decode(real)
    const start = real.length - data.length
    for (let at = start; at < real.length; at += 97) {
      const bytes = Buffer.from(real)
      bytes.writeUInt8(bytes.readUInt8(at) ^ (1 << (at & 7)), at)
      const { snap, found } = read(bytes)
      assert.ok(!snap.loadable)
      const [mismatch] = found
      assert.deepEqual(
        [mismatch?.id, mismatch?.offset, mismatch?.bytes, mismatch?.expected],
        ['SNAP_CRC_MISMATCH', start, data.length, stored.toString(16).padStart(8, '0')],
      )
      assert.equal(mismatch?.found, crc32c(bytes, 0, start).toString(16).padStart(8, '0'))
    }
    for (let bit = 0; bit < 32; bit++) {
      const { snap, ids } = read(fileOf(data, (stored ^ (1 << bit)) >>> 0))
      assert.equal(ids[0], 'SNAP_CRC_MISMATCH')
      // What can be read is shown all the same.
      assert.equal(snap.index, read(real).snap.index)
    }
  })

  it('calls a checksum of zero missing, as etcd does, even where zero would be right', () => {
    const { data } = snappb.Snapshot.decode(real)
    for (const bytes of [fileOf(data, 0), fileOf(data).subarray(1 + varintLength(data))]) {
      const { snap, found } = read(bytes)
      assert.equal(found[0]?.id, 'SNAP_CRC_MISSING')
      assert.equal(found[0]?.found, '00000000')
      assert.equal(snap.crc?.ok, false)
      assert.equal(snap.loadable, false)
      assert.ok(snap.index)
    }
  })

  it('calls a snapshot without content empty', () => {
    for (const bytes of [fileOf(new Uint8Array(), 7), Buffer.from('0807', 'hex')]) {
      const { snap, ids } = read(bytes)
      assert.ok(ids.includes('SNAP_CRC_MISSING'), ids.join())
      assert.equal(snap.loadable, false)
    }
  })

  it('finds a cut at any place, and shows what it can', () => {
    const small = fileOf(innerOf('', { index: 42, term: 2, conf_state: { voters: [7] } }))
    for (let length = 1; length < small.length; length++) {
      const { snap, found } = read(small.subarray(0, length))
      assert.ok(!snap.loadable, `cut to ${length}`)
      assert.ok(
        found.some(({ severity }) => severity === 'error'),
        `cut to ${length}`,
      )
      for (const { offset = 0 } of found) assert.ok(offset <= length)
    }
    for (let length = 1; length < real.length; length += 101) {
      const { found } = read(real.subarray(0, length))
      assert.equal(found[0]?.id, length > 6 ? 'SNAP_UNDECODABLE' : found[0]?.id)
      assert.equal(found[0]?.severity, 'error')
    }
  })

  it('finds bytes that follow', () => {
    const { ids } = read(Buffer.concat([real, Buffer.alloc(8)]))
    assert.deepEqual(ids, ['SNAP_UNDECODABLE'])
    assert.deepEqual(read(Buffer.concat([real, real])).ids, ['SNAP_V2_KEYS'])
  })

  it('takes the fields in any order, and passes by those it does not know', () => {
    const metadata = { index: 42, term: 2 }
    const inner = innerOf('', metadata)
    const crc = snappb.Snapshot.encode({ crc: crc32c(inner) }).finish()
    const data = snappb.Snapshot.encode({ data: inner }).finish()
    const unknown = Buffer.from(
      '1805 2103030303030303032a0161 3d01010101'.replaceAll(' ', ''),
      'hex',
    )
    for (const bytes of [concat(data, crc), concat(unknown, crc, unknown, data, unknown)]) {
      const { snap, ids } = read(bytes, 'x')
      assert.deepEqual(ids, [])
      assert.ok(snap.loadable)
      assert.deepEqual([snap.index, snap.term], [42, 2])
    }
  })

  it('lists unknown fields of the metadata', () => {
    const bytes = fileOf(concat([0x12, 6, 0x10, 42, 0x18, 2, 0x20, 9]))
    const { snap, found } = read(bytes, 'x')
    assert.deepEqual(
      found.map(({ id, severity }) => [id, severity]),
      [['SNAP_UNKNOWN_FIELDS', 'info']],
    )
    assert.equal(snap.index, 42)
  })

  it('refuses known fields of another wire type', () => {
    const inner = innerOf('', { index: 1, term: 1 })
    const bad = [
      concat([0x0a, 1, 7], fileOf(inner)),
      concat(fileOf(inner), [0x10, 7]),
      fileOf(concat(inner, [0x08, 1])),
      fileOf(concat(inner, [0x10, 1])),
      fileOf(concat(inner, [0x00, 0x00])),
      fileOf(concat(inner, [0x1b, 0x1c])),
    ]
    for (const bytes of bad) {
      const { snap, ids } = read(bytes, 'x')
      assert.deepEqual(ids, ['SNAP_UNDECODABLE'])
      assert.ok(!snap.loadable)
    }
  })

  it('compares name and content', () => {
    for (const name of [
      '0000000000000009-0000000000000033.snap',
      '0000000000000004-0000000000000034.snap',
    ]) {
      const { snap, found } = read(real, name)
      const mismatch = found.find(({ id }) => id === 'SNAP_NAME_MISMATCH')
      assert.equal(mismatch?.severity, 'warning')
      assert.equal(mismatch?.found, `term ${snap.term}, index ${snap.index}`)
      assert.equal(snap.fileName?.ok, false)
      assert.ok(snap.loadable)
    }
    const { snap, ids } = read(real, 'directory/other.snap')
    assert.ok(!('fileName' in snap) && !ids.includes('SNAP_NAME_MISMATCH'))
  })

  it('tells what is wrong with a v2 store whose checksum is right', () => {
    const metadata = { index: 1, term: 1 }
    for (const [data, found] of [
      ['{"Root":', /^expected a value, found the end at byte 8$/],
      ['{"Root":7}', /^JSON of another shape$/],
      ['\x00\x00', /at byte 0$/],
      // A stack has an end.
      [
        `{"Root":${'{"Children":{"1":'.repeat(100_000)}{}${'}}'.repeat(100_000)}}`,
        /^nested deeper/,
      ],
    ] as const) {
      const result = read(fileOf(innerOf(data, metadata)), 'x')
      assert.deepEqual(result.ids, ['SNAP_DATA_UNDECODABLE'])
      assert.match(result.found[0]?.found ?? '', found)
      assert.equal(result.found[0]?.bytes, data.length)
      assert.deepEqual(result.snap.data, { format: 'unknown', bytes: data.length })
      assert.equal(result.snap.index, 1)
    }
  })

  it('does not decode a store above 64 MiB, but checks all of it', () => {
    const inner = innerOf(' '.repeat(64 * 1024 * 1024 + 1), { index: 1, term: 1 })
    const { snap, ids } = read(fileOf(inner), 'x')
    assert.deepEqual(ids, ['SNAP_DATA_NOT_SHOWN'])
    assert.deepEqual([snap.crc?.ok, snap.data?.format, snap.index], [true, 'unknown', 1])
    const wrong = Buffer.from(fileOf(inner))
    wrong.writeUInt8(0, wrong.length - 100)
    assert.ok(read(wrong, 'x').ids.includes('SNAP_CRC_MISMATCH'))
  })
})

describe('isSnapFile', () => {
  it('knows one from its first bytes, also when it was cut or grew', () => {
    assert.ok(is(real))
    assert.ok(is(real.subarray(0, 100)))
    assert.ok(is(Buffer.concat([real, Buffer.alloc(512)])))
    assert.ok(is(fileOf(innerOf('', { index: 1, term: 1 }))))
  })

  it('takes nothing else for one', () => {
    const others = [
      '',
      'etcd',
      '0000000000000000',
      // Data without a crc, a crc of 64 bits, data in front.
      '120100',
      '08ffffffffffffffff7f120100',
      '1201000801',
    ]
    for (const hex of others) assert.ok(!is(Buffer.from(hex, 'hex')), hex)
  })
})

/** The length of the checksum's varint, as gogo and Google's code write it. */
function varintLength(data: Uint8Array): number {
  return snappb.Snapshot.encode({ crc: crc32c(data) }).finish().length - 1
}
