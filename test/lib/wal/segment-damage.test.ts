/** Every kind of damage in the middle of a real segment: what is found, where, and what lies beyond. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { crc32c } from '../../../src/lib/checksum/crc32c.ts'
import { decode } from '../../../src/lib/proto/decode.ts'
import { raftpb, walpb } from '../../../src/lib/proto/generated/etcd.js'
import { fixtureSegments } from '../../support/fixtures.ts'
import { placeOf, type ScannedLog, scanSegments } from '../../support/scan.ts'
import {
  type Frame,
  frameOf,
  framesOf,
  recordOf,
  segmentName,
  TYPE,
} from '../../support/wal-bytes.ts'

const NAME = segmentName(0, 0)
const segment = fixtureSegments('3.5.30', 'cluster', 'm1')[0]?.bytes as Buffer
const frames = framesOf(segment)
const indexes = frames.map(({ type, data }) =>
  type === TYPE.entry ? Number(raftpb.Entry.decode(data).Index) : undefined,
)
const commits = frames.map(({ type, data }) =>
  type === TYPE.state ? Number(raftpb.HardState.decode(data).commit) : undefined,
)

/** Records in the middle: of each type, with and without padding, at the front and near the end. */
const chosen = [
  1,
  2,
  3,
  frames.findIndex(({ type }, at) => type === TYPE.state && at > 50),
  frames.findIndex(({ type }, at) => type === TYPE.snapshot && at > 50),
  frames.findIndex(({ type, padding }, at) => type === TYPE.entry && padding === 0 && at > 60),
  frames.findIndex(({ type, padding }, at) => type === TYPE.entry && padding === 7 && at > 60),
  frames.findLastIndex(({ type }) => type === TYPE.entry) - 3,
  frames.length - 2,
]

function flipped(...bits: readonly [at: number, bit: number][]): Buffer {
  const copy = Buffer.from(segment)
  for (const [at, bit] of bits) copy.writeUInt8(copy.readUInt8(at) ^ (1 << bit), at)
  return copy
}

const frameAt = (record: number) => frames[record] as Frame

/** Where in a frame its record's type, checksum and data begin; etcd writes them in this order. */
function parts(frame: Frame) {
  const data = frame.end - frame.padding - frame.data.length
  return {
    type: frame.offset + 9,
    crc: frame.offset + 11,
    data,
    padding: frame.end - frame.padding,
  }
}

/** What etcd never gets to when the records from `record` on count as lost. */
function checkBeyond({ wal, findings }: ScannedLog, damaged: number, resumed: number): void {
  const { beyond, runs, hardState, entries } = wal.log.summary
  const lost = indexes.slice(resumed).filter((index) => index !== undefined)
  assert.equal(beyond.records, frames.length - resumed)
  assert.equal(beyond.entries, lost.length)
  assert.deepEqual([beyond.firstIndex, beyond.lastIndex], [lost[0], lost.at(-1)])
  const commit = commits.slice(resumed).findLast((each) => each !== undefined)
  assert.equal(beyond.hardState?.commit, commit)
  // What lies before the damage is as it was.
  const kept = indexes.slice(0, damaged).filter((index) => index !== undefined)
  assert.equal(entries, kept.length)
  assert.equal(runs.last, kept.at(-1))
  assert.equal(
    hardState?.commit,
    commits.slice(0, damaged).findLast((each) => each !== undefined),
  )
  const [scan] = wal.log.segments
  assert.deepEqual(
    [scan?.records, scan?.lastValidOffset, scan?.tail],
    [damaged, frameAt(damaged).offset, 'corrupt'],
  )
  const spans = [
    { start: 0, end: frameAt(damaged).offset, beyond: false },
    { start: frameAt(resumed).offset, end: frames.at(-1)?.end, beyond: true },
  ]
  assert.deepEqual(
    scan?.spans,
    spans.filter(({ start, end }) => start !== end),
  )
  const finding = findings.list.find(({ id }) => id === 'WAL_BEYOND_DAMAGE')
  assert.deepEqual([finding?.severity, finding?.offset], ['error', frameAt(resumed).offset])
  const known = commit ?? hardState?.commit
  const expected =
    lost.length === 0
      ? `${beyond.records} valid records lie beyond the damage, no entry among them; `
      : `${beyond.records} valid records lie beyond the damage, ${lost.length} of them entries ` +
        `with the indexes ${lost[0]} to ${lost.at(-1)}; all were committed `
  assert.ok(finding?.message.startsWith(expected), finding?.message)
  assert.ok(finding?.message.includes(`is ${known}`), finding?.message)
}

/** That a scan finds this one damage, to the record it is in, and goes on behind it. */
function checkDamage(
  bytes: Uint8Array,
  id: string,
  record: number,
  resumed = record + 1,
): ScannedLog {
  const scanned = scanSegments(bytes)
  const { offset, end } = frameAt(record)
  assert.deepEqual(scanned.ids, [id, 'WAL_BEYOND_DAMAGE'])
  const toResumed = /LENGTH|ZERO|UNDECODABLE/.test(id)
  assert.deepEqual(placeOf(scanned.findings.list[0]), {
    ...{
      id,
      segment: NAME,
      offset,
      bytes: (toResumed ? frameAt(resumed).offset : end) - offset,
      record,
    },
  })
  assert.equal(scanned.findings.list[0]?.severity, 'error')
  checkBeyond(scanned, record, resumed)
  return scanned
}

it('the records are chosen well', () => {
  assert.ok(
    chosen.every((record) => record > 0 && record < frames.length - 1),
    chosen.join(),
  )
  assert.deepEqual(new Set(chosen.map((record) => frameAt(record).type)), new Set([1, 2, 3, 5]))
  assert.deepEqual(scanSegments(segment).ids, [])
})

for (const record of chosen) {
  const frame = frameAt(record)
  describe(`in record ${record}, of type ${frame.type}`, () => {
    it('a flipped bit of the data fails the checksum', () => {
      const { data, padding } = parts(frame)
      for (let at = data; at < padding; at += 3) {
        const { findings } = checkDamage(flipped([at, at % 8]), 'WAL_CRC_MISMATCH', record)
        const [mismatch] = findings.list
        assert.equal(mismatch?.expected, frame.crc.toString(16).padStart(8, '0'))
        const before = frameAt(record - 1).crc
        const wrong = crc32c(flipped([at, at % 8]).subarray(data, padding), before)
        assert.equal(mismatch?.found, wrong.toString(16).padStart(8, '0'))
      }
    })

    it('a flipped bit of the checksum fails it', () => {
      for (const bit of [0, 3, 6])
        checkDamage(flipped([parts(frame).crc, bit]), 'WAL_CRC_MISMATCH', record)
    })

    it('a type that etcd does not know is told from damage', () => {
      // 0, and anything from 6 on; the types 1 to 5 differ from it in other bits.
      for (const bit of [3, 4, 5, 6]) {
        const bytes = flipped([parts(frame).type, bit])
        const { findings } = checkDamage(bytes, 'WAL_RECORD_TYPE_UNKNOWN', record)
        assert.equal(findings.list[0]?.found, `type ${frame.type ^ (1 << bit)}`)
      }
    })

    it('a tag that is wrong makes it undecodable', () => {
      // 0x08 with the wire type of a group, 0x10 with that of bytes.
      checkDamage(
        flipped([frame.offset + 8, 0], [frame.offset + 8, 1]),
        'WAL_RECORD_UNDECODABLE',
        record,
      )
      checkDamage(flipped([frame.offset + 10, 1]), 'WAL_RECORD_UNDECODABLE', record)
    })

    it('a length that is a little wrong breaks the record, and nothing else', () => {
      for (const bit of [0, 1, 2, 3, 4]) {
        const bytes = flipped([frame.offset, bit])
        const length = bytes.readUInt32LE(frame.offset)
        const { ids, findings, wal } = scanSegments(bytes)
        const [first] = findings.list
        assert.deepEqual([first?.offset, first?.record], [frame.offset, record])
        const start = frame.offset + 8
        const decoded = decode(walpb.Record, bytes.subarray(start, start + length))
        assert.equal(ids[0], decoded.ok ? 'WAL_CRC_MISMATCH' : 'WAL_RECORD_UNDECODABLE')
        assert.deepEqual(ids.slice(1), ['WAL_BEYOND_DAMAGE'])
        assert.equal(wal.log.summary.beyond.records, frames.length - record - 1)
      }
    })

    it('a length that runs out of the file is told as such', () => {
      for (const at of [2, 3, 4, 5, 6]) {
        const bytes = flipped([frame.offset + at, at])
        const { findings } = checkDamage(bytes, 'WAL_LENGTH_OUT_OF_RANGE', record)
        const claimed =
          bytes.readUIntLE(frame.offset, 6) + bytes.readUInt8(frame.offset + 6) * 2 ** 48
        const { expected, found } = findings.list[0] ?? {}
        assert.equal(expected, `${8 + claimed + frame.padding} bytes`)
        assert.equal(found, `${segment.length - frame.offset} bytes`)
      }
    })

    it('a length of zero is not the end of the log', () => {
      const bytes = Buffer.from(segment).fill(0, frame.offset, frame.offset + 8)
      checkDamage(bytes, 'WAL_ZERO_LENGTH', record)
    })

    it('bits of the length that mean nothing are let alone', () => {
      for (const bit of [3, 4, 5, 6])
        assert.deepEqual(scanSegments(flipped([frame.offset + 7, bit])).ids, [])
    })

    it('padding that is not zero is only a warning', () => {
      if (frame.padding === 0) return
      const { padding } = parts(frame)
      for (const at of [padding, frame.end - 1]) {
        const { findings, ids, wal } = scanSegments(flipped([at, 5]))
        assert.deepEqual(ids, ['WAL_PADDING'])
        assert.deepEqual(placeOf(findings.list[0]), {
          ...{ id: 'WAL_PADDING', segment: NAME, offset: padding, bytes: frame.padding, record },
        })
        assert.deepEqual([findings.list[0]?.severity, findings.list[0]?.found], ['warning', '32'])
        assert.equal(wal.log.segments[0]?.records, frames.length)
      }
    })
  })
}

describe('damage', () => {
  it('to the amount of padding is found in the record behind, and costs no other', () => {
    for (const record of chosen) {
      const frame = frameAt(record)
      for (const bit of [0, 1, 2, 7]) {
        // Bits 56 to 58 count only below a set bit 63.
        if (bit < 7 && frame.padding === 0) continue
        if (bit === 7 && (segment.readUInt8(frame.offset + 7) & 7) === 0) continue
        const { wal, findings } = scanSegments(flipped([frame.offset + 7, bit]))
        // More padding than there is reaches into the next frame, which is not zero.
        const first = findings.list.find(({ id }) => id !== 'WAL_PADDING')
        assert.equal(first?.record, record + 1)
        assert.equal(first?.severity, 'error')
        assert.ok(Math.abs((first?.offset ?? 0) - frame.end) < 8)
        assert.equal(wal.log.segments[0]?.records, record + 1)
        assert.equal(wal.log.summary.beyond.records, frames.length - record - 1)
      }
    }
  })

  it('to the head of the first segment leaves all other records', () => {
    const crc = flipped([11, 0])
    // The chain begins at 0, and takes the first crc record for what it is; the second one differs.
    const { ids, wal } = scanSegments(crc)
    assert.equal(ids[0], 'WAL_CRC_MISMATCH')
    assert.equal(wal.log.summary.beyond.records, frames.length - 2)
    checkDamage(Buffer.from(segment).fill(0, 0, 8), 'WAL_ZERO_LENGTH', 0)
    checkDamage(flipped([4, 0]), 'WAL_LENGTH_OUT_OF_RANGE', 0)
  })

  it('to several records at once is one damage when nothing valid lies between', () => {
    const [from, to] = [frameAt(20), frameAt(24)]
    const bytes = Buffer.from(segment).fill(0xa5, from.offset, to.offset)
    const { wal, findings, ids } = scanSegments(bytes)
    assert.deepEqual(ids, ['WAL_LENGTH_OUT_OF_RANGE', 'WAL_BEYOND_DAMAGE'])
    assert.deepEqual(
      [findings.list[0]?.offset, findings.list[0]?.bytes],
      [from.offset, to.offset - from.offset],
    )
    assert.equal(wal.log.summary.beyond.records, frames.length - 24)
    const zeros = scanSegments(Buffer.from(segment).fill(0, from.offset, to.offset))
    assert.deepEqual(zeros.ids, ['WAL_ZERO_LENGTH', 'WAL_BEYOND_DAMAGE'])
    assert.equal(zeros.findings.list[0]?.bytes, to.offset - from.offset)
    assert.equal(zeros.wal.log.summary.beyond.records, frames.length - 24)
  })

  it('to records far apart is told one by one', () => {
    const places = [10, 30, 33, 60].map((record): [number, number] => [
      parts(frameAt(record)).data,
      0,
    ])
    const { ids, findings, wal } = scanSegments(flipped(...places))
    const found = findings.list.filter(({ id }) => id !== 'WAL_BEYOND_DAMAGE')
    assert.deepEqual(new Set(ids), new Set(['WAL_CRC_MISMATCH', 'WAL_BEYOND_DAMAGE']))
    assert.deepEqual(
      found.map(({ record }) => record),
      [10, 30, 33, 60],
    )
    assert.equal(wal.log.segments[0]?.records, 10)
    assert.equal(wal.log.summary.beyond.records, frames.length - 10 - 4)
  })

  it('of which a length leads into a later record is told, and what lies between is found', () => {
    const [at, target] = [frameAt(20), frameAt(40)]
    const bytes = Buffer.from(segment)
    // A sound length that ends exactly where record 40 begins.
    const length = target.offset - at.offset - 8
    bytes.writeBigUInt64LE(BigInt(length), at.offset)
    const { ids, wal, findings } = scanSegments(bytes)
    assert.deepEqual([ids[0], findings.list[0]?.record], ['WAL_RECORD_UNDECODABLE', 20])
    assert.equal(wal.log.summary.beyond.records, frames.length - 21)
  })

  it('to the last record is no torn tail unless a sector of it is zero', () => {
    const last = frames.length - 1
    const { data } = parts(frameAt(last))
    const { ids, findings, wal } = scanSegments(flipped([data, 0]))
    assert.deepEqual(ids, ['WAL_CRC_MISMATCH'])
    assert.deepEqual(
      [findings.list[0]?.record, findings.list[0]?.offset],
      [last, frameAt(last).offset],
    )
    assert.deepEqual([wal.log.segments[0]?.tail, wal.log.segments[0]?.records], ['corrupt', last])
  })

  it('behind the end of the log is a torn tail when it holds no records', () => {
    const end = frames.at(-1)?.end ?? 0
    for (const at of [end + 8, end + 100, segment.length - 1]) {
      const { ids, findings, wal } = scanSegments(flipped([at, 0]))
      assert.deepEqual(ids, ['WAL_TORN_TAIL'])
      assert.deepEqual([findings.list[0]?.offset, findings.list[0]?.severity], [end, 'warning'])
      assert.equal(wal.log.segments[0]?.records, frames.length)
    }
  })

  it('behind the end of the log is an error when records are there', () => {
    const end = frames.at(-1)?.end ?? 0
    const stale = frames.slice(-3).map(({ offset, end }) => segment.subarray(offset, end))
    const bytes = Buffer.concat([
      segment.subarray(0, end),
      Buffer.alloc(512),
      ...stale,
      Buffer.alloc(64),
    ])
    const { ids, findings } = scanSegments(bytes)
    assert.deepEqual(ids, ['WAL_ZERO_LENGTH', 'WAL_BEYOND_DAMAGE'])
    assert.deepEqual([findings.list[0]?.offset, findings.list[0]?.bytes], [end, 512])
  })

  it('of content behind a right checksum is told by its kind', () => {
    for (const [type, bad] of [
      [TYPE.entry, '0a00'],
      [TYPE.state, '1201'],
      [TYPE.snapshot, '0a01'],
    ] as const) {
      // Behind the last record, so that the chain stays whole.
      const data = Buffer.from(bad, 'hex')
      const run = crc32c(data, frames.at(-1)?.crc)
      const end = frames.at(-1)?.end ?? 0
      const frame = frameOf(recordOf(type, run, data))
      const bytes = Buffer.concat([segment.subarray(0, end), frame, Buffer.alloc(16)])
      const { ids, findings, wal } = scanSegments(bytes)
      assert.deepEqual(ids, ['WAL_PAYLOAD_UNDECODABLE'])
      assert.deepEqual(placeOf(findings.list[0]), {
        ...{ id: ids[0], segment: NAME, offset: end, bytes: frame.length, record: frames.length },
      })
      assert.equal(wal.log.segments[0]?.records, frames.length + 1)
    }
  })
})
