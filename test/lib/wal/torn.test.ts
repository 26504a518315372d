import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { crc32c } from '../../../src/lib/checksum/crc32c.ts'
import { MemorySource } from '../../../src/lib/io/source.ts'
import { isTorn } from '../../../src/lib/wal/torn.ts'
import { fixtureSegments } from '../../support/fixtures.ts'
import { placeOf, scanSegments } from '../../support/scan.ts'
import {
  type Frame,
  frameOf,
  framesOf,
  recordOf,
  SegmentWriter,
  segmentName,
  TYPE,
} from '../../support/wal-bytes.ts'

const NAME = segmentName(0, 0)
const [real] = fixtureSegments('3.5.30', 'cluster', 'm1').map(({ bytes }) => bytes)
const segment = real as Buffer
const frames = framesOf(segment)

/** isTornEntry as decoder.go @ v3.6.14 writes it: chunks first, then a look at each. */
function asInGo(bytes: Uint8Array, start: number, length: number): boolean {
  const chunks: Uint8Array[] = []
  let rest = bytes.subarray(start, start + length)
  for (let offset = start; rest.length > 0; ) {
    const size = Math.min(512 - (offset % 512), rest.length)
    chunks.push(rest.subarray(0, size))
    rest = rest.subarray(size)
    offset += size
  }
  return chunks.some((chunk) => chunk.every((byte) => byte === 0))
}

/** Whether the last sector that a frame reaches into gets nothing but padding. */
function hasSectorOfPadding({ end, padding }: Frame): boolean {
  return Math.floor((end - 1) / 512) * 512 >= end - padding
}

describe('isTorn', () => {
  it('splits at sectors of the file, and looks for a piece of zeros', () => {
    fc.assert(
      fc.property(
        fc.nat(1600),
        fc.nat(1600),
        fc.array(fc.nat(3200), { maxLength: 6 }),
        (start, length, nonZero) => {
          const bytes = new Uint8Array(3200)
          for (const at of nonZero) bytes[at] = 1
          const torn = isTorn(new MemorySource('wal', bytes), start, length)
          assert.equal(torn, asInGo(bytes, start, length))
        },
      ),
      { numRuns: 1000 },
    )
  })
})

describe('a torn tail', () => {
  it('is found wherever the file was cut in its last record, and nowhere else', () => {
    const last = frames.at(-1)
    assert.ok(last)
    for (let length = last.offset - 8; length <= last.end; length++) {
      const { wal, findings, ids } = scanSegments(segment.subarray(0, length))
      const [scan] = wal.log.segments
      const before = frames.at(-2)?.offset ?? 0
      if (length === last.offset || length === last.end) {
        assert.deepEqual(ids, [])
        assert.deepEqual([scan?.tail, scan?.lastValidOffset], ['clean', length])
        continue
      }
      const [offset, record]: [number, number] =
        length < last.offset ? [before, frames.length - 2] : [last.offset, frames.length - 1]
      assert.deepEqual(ids, ['WAL_TORN_TAIL'])
      assert.deepEqual(placeOf(findings.list[0]), {
        ...{ id: 'WAL_TORN_TAIL', segment: NAME, offset, bytes: length - offset, record },
      })
      assert.deepEqual([scan?.tail, scan?.lastValidOffset, scan?.records], ['torn', offset, record])
      assert.equal(findings.of('error'), 0)
    }
  })

  it('of a real log leaves the entries before it', () => {
    for (const keep of [10, 50, frames.length - 1]) {
      const { offset } = frames[keep] as { offset: number }
      const { wal } = scanSegments(segment.subarray(0, offset + 9))
      assert.equal(wal.log.segments[0]?.records, keep)
      assert.equal(
        wal.log.summary.entries,
        frames.slice(0, keep).filter(({ type }) => type === 2).length,
      )
    }
  })

  it('is a last record of which a sector never arrived', () => {
    // Too long for one sector, so that whole ones lie inside.
    const writer = () => new SegmentWriter().metadata().snapshot(0, 0).entries(1, 5)
    const bytes = writer().entry(6, Buffer.alloc(2000, 7)).bytes(256)
    const { offset, end } = framesOf(bytes).at(-1) as { offset: number; end: number }
    const sector = Math.ceil(offset / 512) * 512
    const cases: [number, number, string][] = [
      [sector, sector + 512, 'WAL_TORN_TAIL'],
      [sector + 512, sector + 1024, 'WAL_TORN_TAIL'],
      // The last piece, short of a sector.
      [Math.floor(end / 512) * 512, end, 'WAL_TORN_TAIL'],
      [offset + 8, end, 'WAL_TORN_TAIL'],
      // One byte short of it: not torn, but damaged.
      [sector, sector + 511, 'WAL_CRC_MISMATCH'],
      [sector + 1, sector + 512, 'WAL_CRC_MISMATCH'],
      [sector + 200, sector + 711, 'WAL_CRC_MISMATCH'],
    ]
    for (const [from, to, id] of cases) {
      const { wal, ids, findings } = scanSegments(Buffer.from(bytes).fill(0, from, to))
      assert.deepEqual(ids, [id], `zeros from ${from} to ${to}`)
      const torn = id === 'WAL_TORN_TAIL'
      assert.deepEqual(placeOf(findings.list[0]), {
        ...{ id, segment: NAME, offset, bytes: (torn ? bytes.length : end) - offset, record: 8 },
      })
      assert.equal(wal.log.segments[0]?.tail, torn ? 'torn' : 'corrupt')
      assert.equal(wal.log.summary.runs.last, 5)
    }
  })

  it('is also, by the same rule, any damage to a record whose padding begins a sector', () => {
    // etcd looks at data and padding together: a piece that is nothing but padding is all zero. Only
    // where frames do not begin at multiples of 8, as behind unpadded ones of 2.0, can one be.
    let quirks = 0
    for (let before = 0; before < 8; before++) {
      for (let size = 940; size < 968; size++) {
        const writer = new SegmentWriter()
        const unpadded = recordOf(
          TYPE.metadata,
          crc32c(Buffer.alloc(before + 1)),
          Buffer.alloc(before + 1),
        )
        writer.raw(frameOf(unpadded, false))
        writer.run = crc32c(Buffer.alloc(before + 1))
        // Filled up, so that the record under test ends near a sector's end.
        const bytes = writer.entry(1, Buffer.alloc(size, 7)).bytes(64)
        const frame = framesOf(bytes).at(-1) as Frame
        const quirk = hasSectorOfPadding(frame)
        if (quirk) quirks += 1
        bytes.writeUInt8(8, frame.offset + 100)
        const { ids } = scanSegments(bytes)
        const expected = quirk ? 'WAL_TORN_TAIL' : 'WAL_CRC_MISMATCH'
        assert.equal(ids.at(-1), expected, `${before} ${size}`)
      }
    }
    assert.ok(quirks > 10)
    const ends = framesOf(new SegmentWriter().entries(1, 200).bytes())
    assert.ok(!ends.some(hasSectorOfPadding))
  })

  it('is an error anywhere but in the last segment', () => {
    const first = new SegmentWriter().metadata().snapshot(0, 0).entries(1, 5).state(5)
    const cut = first.bytes().subarray(0, -9)
    const second = new SegmentWriter(first.run).metadata().state(5).entries(6, 9).state(9)
    const { wal, findings } = scanSegments({ [NAME]: cut, [segmentName(1, 6)]: second.bytes(64) })
    const [torn, beyond] = findings.list
    const { offset } = framesOf(first.bytes()).at(-1) as { offset: number }
    assert.deepEqual(placeOf(torn), {
      id: 'WAL_TORN_SEGMENT',
      segment: NAME,
      offset,
      bytes: cut.length - offset,
      record: 8,
    })
    assert.equal(torn?.severity, 'error')
    assert.equal(beyond?.id, 'WAL_BEYOND_DAMAGE')
    assert.match(
      beyond?.message ?? '',
      /^8 valid records .*, 4 of them entries with the indexes 6 to 9; all were committed/,
    )
    assert.equal(findings.list.length, 2)
    assert.deepEqual(
      wal.log.segments.map(({ tail }) => tail),
      ['corrupt', 'zeros'],
    )
    assert.equal(wal.log.summary.runs.last, 5)
  })
})
