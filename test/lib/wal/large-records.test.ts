import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { crc32c } from '../../../src/lib/checksum/crc32c.ts'
import { MemorySource } from '../../../src/lib/io/source.ts'
import { FrameReader, LARGEST_HELD } from '../../../src/lib/wal/frame-reader.ts'
import { scanSegments } from '../../support/scan.ts'
import { frameOf, framesOf, recordOf, SegmentWriter, TYPE } from '../../support/wal-bytes.ts'

/** Random enough that a checksum over the wrong range is not right by chance. */
const filling = Buffer.alloc(LARGEST_HELD + 1000)
for (let at = 0; at < filling.length; at += 4) filling.writeUInt32LE((at * 2654435761) >>> 0, at)

const log = () =>
  new SegmentWriter().metadata().snapshot(0, 0).entry(1).entry(2, filling).entry(3).state(3)

describe('records above 16 MiB', () => {
  it('are checked whole, counted, and passed by', () => {
    const { wal, ids } = scanSegments(log().bytes(64))
    assert.deepEqual(ids, [])
    const { runs, counts, hardState } = wal.log.summary
    assert.deepEqual(runs.runs, [{ first: 1, last: 3 }])
    assert.deepEqual(
      [...counts.result()],
      [
        ['noop', 2],
        ['tooLarge', 1],
      ],
    )
    assert.equal(hardState?.commit, 3)
    assert.equal(wal.log.segments[0]?.records, 7)
  })

  it('show their head, and take no more memory than their first bytes', () => {
    const bytes = log().bytes(64)
    const frame = framesOf(bytes)[4]
    assert.ok(frame && frame.data.length > LARGEST_HELD)
    const reader = new FrameReader(new MemorySource('wal', bytes))
    assert.equal(reader.readAt(frame.offset), 'record')
    assert.equal(reader.large, true)
    assert.deepEqual([reader.type, reader.crc, reader.next], [TYPE.entry, frame.crc, frame.end])
    assert.equal(reader.dataEnd - reader.dataStart, frame.data.length)
    assert.equal(reader.dataCrc(17), crc32c(frame.data, 17))
    // The head is still there after the checksum was computed in pieces.
    assert.deepEqual([reader.type, reader.crc, reader.next], [TYPE.entry, frame.crc, frame.end])
    assert.ok(reader.readEntry())
    const { index, term, dataStart, dataEnd } = reader.entry
    assert.deepEqual([index, term, dataEnd - dataStart], [2, 2, filling.length])
    assert.ok(reader.bytes.length < 2 * 1024 * 1024)
  })

  it('are found out when a bit of them flips, anywhere', () => {
    const bytes = log().bytes(64)
    const { offset, end } = framesOf(bytes)[4] as { offset: number; end: number }
    for (const at of [offset + 100, offset + 300_000, offset + LARGEST_HELD, end - 8]) {
      bytes.writeUInt8(bytes.readUInt8(at) ^ 4, at)
      const { wal, findings, ids } = scanSegments(bytes)
      assert.deepEqual(ids, ['WAL_CRC_MISMATCH', 'WAL_BEYOND_DAMAGE'])
      assert.deepEqual([findings.list[0]?.offset, findings.list[0]?.record], [offset, 4])
      assert.match(findings.list[1]?.message ?? '', /^2 valid records .* indexes 3 to 3;/)
      assert.equal(wal.log.summary.runs.last, 1)
      bytes.writeUInt8(bytes.readUInt8(at) ^ 4, at)
    }
  })

  it('are torn when the file ends in them', () => {
    const bytes = log().bytes(64)
    const { offset } = framesOf(bytes)[4] as { offset: number }
    const { ids, findings } = scanSegments(bytes.subarray(0, offset + LARGEST_HELD / 2))
    assert.deepEqual(ids, ['WAL_TORN_TAIL'])
    assert.equal(findings.list[0]?.offset, offset)
  })

  it('do no harm when they are made of millions of fields', () => {
    // Fields of an entry, again and again, and one that no entry has.
    const cases: [number, string][] = [
      [TYPE.entry, '0801'],
      [TYPE.entry, '2800'],
      [TYPE.entry, '2200'],
      [TYPE.entry, 'ffff'],
      [TYPE.state, '1801'],
      [TYPE.snapshot, '0801'],
      [TYPE.metadata, '0801'],
    ]
    for (const [type, pair] of cases) {
      const data = Buffer.alloc(LARGEST_HELD + 1000, Buffer.from(pair, 'hex'))
      const writer = new SegmentWriter().metadata().snapshot(0, 0)
      const { ids } = scanSegments(writer.record(type, data).state(0).bytes(64))
      assert.ok(ids.length <= 1, ids.join())
      for (const id of ids) assert.match(id, /^WAL_(PAYLOAD_UNDECODABLE|METADATA_CONFLICT)$/)
      if (type === TYPE.entry) assert.deepEqual(ids, ['WAL_PAYLOAD_UNDECODABLE'])
    }
  })

  it('are no records when their fields do not come as etcd writes them', () => {
    const { run } = new SegmentWriter()
    const data = Buffer.alloc(LARGEST_HELD + 1, 0x55)
    const crc = crc32c(data, run)
    const whole = recordOf(TYPE.entry, crc, data)
    const behind = Buffer.concat([whole, Buffer.from('2001', 'hex')])
    for (const record of [behind, Buffer.concat([Buffer.from('2001', 'hex'), whole]), data]) {
      const writer = new SegmentWriter().raw(frameOf(record))
      assert.deepEqual(scanSegments(writer.bytes(64)).ids, ['WAL_RECORD_UNDECODABLE'])
    }
  })
})
