import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { MemorySource } from '../../../src/lib/io/source.ts'
import { FrameReader, LARGEST_HELD } from '../../../src/lib/wal/frame-reader.ts'
import { fixtureSegments } from '../../support/fixtures.ts'
import { frameOf, framesOf, recordOf, SegmentWriter, TYPE } from '../../support/wal-bytes.ts'

const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex')
const readerOf = (bytes: Uint8Array) => new FrameReader(new MemorySource('wal', bytes))
const dataOf = ({ bytes, dataStart, dataEnd }: FrameReader) =>
  Buffer.from(bytes.slice(dataStart, dataEnd))

/** server/storage/wal/record_test.go @ v3.6.14: a frame as etcd 2.0 wrote them, without padding. */
const UNPADDED = hex('0e00000000000000 0801 1099b5e4d003 1a04 08effd02')

describe('FrameReader', () => {
  it('reads the frames at the head of a real log', () => {
    const reader = readerOf(
      hex(
        '04 00 00 00 00 00 00 84 08 04 10 00 00 00 00 00' +
          '1f 00 00 00 00 00 00 81 08 01 10 a4bc80cd09' +
          '1a 15 08 dfb2da8ac7a9a3d9c001 10 c2d1c1d9d2fabcb82d 00' +
          '0e 00 00 00 00 00 00 82 08 05 10 a0efc5d70d 1a 04 08 00 10 00 00 00',
      ),
    )
    const seen: unknown[] = []
    let run = 0
    while (reader.read() === 'record') {
      const { offset, next, type, crc, padding, recordLength } = reader
      seen.push([offset, next, type, crc, recordLength, padding, dataOf(reader).length])
      if (type !== TYPE.crc) run = reader.dataCrc(run)
      assert.equal(run, crc)
      assert.equal(reader.strayPadding(), -1)
    }
    assert.deepEqual(seen, [
      [0, 16, TYPE.crc, 0, 4, 4, 0],
      [16, 56, TYPE.metadata, 0x99a01e24, 31, 1, 21],
      [56, 80, TYPE.snapshot, 0xdaf177a0, 14, 2, 4],
    ])
    assert.equal(reader.read(), 'end')
  })

  it('reads the frames of 2.0, which are not padded, wherever they begin', () => {
    const reader = readerOf(Buffer.concat([UNPADDED, UNPADDED, UNPADDED]))
    for (const offset of [0, 22, 44]) {
      assert.equal(reader.read(), 'record')
      assert.deepEqual(
        [reader.offset, reader.next, reader.padding, reader.type, reader.crc],
        [offset, offset + 22, 0, 1, 0x3a191a99],
      )
      assert.deepEqual(dataOf(reader), hex('08effd02'))
      assert.equal(reader.dataCrc(0), 0x3a191a99)
    }
    assert.equal(reader.read(), 'end')
  })

  it('tells how a file may end in a frame', () => {
    const outcomes = Array.from({ length: UNPADDED.length + 1 }, (_, length) =>
      readerOf(UNPADDED.subarray(0, length)).read(),
    )
    assert.deepEqual(outcomes, [
      'end',
      ...Array(7).fill('short'),
      ...Array(14).fill('overrun'),
      'record',
    ])
  })

  it('takes the length from the low 56 bits, and padding only from a negative one', () => {
    const record = UNPADDED.subarray(8)
    const lengths: [string, number, number][] = [
      ['000e', 14, 0],
      ['820e', 14, 2],
      ['870e', 14, 7],
      // Bits 59 to 62 mean nothing, and neither do 56 to 58 of a positive length.
      ['fa0e', 14, 2],
      ['7a0e', 14, 0],
    ]
    for (const [word, length, padding] of lengths) {
      const head = hex(`${word.slice(2)}000000000000${word.slice(0, 2)}`)
      const reader = readerOf(Buffer.concat([head, record, Buffer.alloc(7)]))
      assert.equal(reader.read(), 'record', word)
      assert.deepEqual(
        [reader.recordLength, reader.padding, reader.next],
        [length, padding, 8 + length + padding],
      )
      assert.deepEqual(dataOf(reader), hex('08effd02'))
    }
  })

  it('ends the records at a length of zero, but not at one that only looks like it', () => {
    assert.equal(readerOf(Buffer.alloc(8)).read(), 'zero')
    assert.equal(readerOf(Buffer.alloc(100)).read(), 'zero')
    // A record of no bytes is one without fields.
    const empty = readerOf(hex('0000000000000080'))
    assert.equal(empty.read(), 'record')
    assert.deepEqual([empty.type, empty.crc, empty.next], [0, 0, 8])
    assert.equal(readerOf(hex('0000000000000001')).read(), 'record')
  })

  it('believes no length that the file cannot hold', () => {
    for (const length of [
      '0f00000000000000',
      '00000001000000',
      'ffffffffffffff',
      'ffffff7f000000',
    ]) {
      const reader = readerOf(Buffer.concat([hex(length.padEnd(16, '0')), UNPADDED.subarray(8)]))
      assert.equal(reader.read(), 'overrun', length)
    }
    assert.equal(readerOf(hex('ffffffffffffffff')).read(), 'overrun')
    // The padding counts too.
    const padded = Buffer.concat([hex('0e00000000000082'), UNPADDED.subarray(8), Buffer.alloc(1)])
    assert.equal(readerOf(padded).read(), 'overrun')
  })

  it('refuses what is no record, and still tells where the frame ends', () => {
    for (const record of [
      '0802',
      '12',
      '0a0101',
      '08011001120101',
      '0801 1001 1a05 00',
      '0001',
      '0b0c',
    ]) {
      // The first two are a record of type 2, and a tag without a value.
      const bytes = frameOf(hex(record))
      const reader = readerOf(bytes)
      assert.equal(reader.read(), record === '0802' ? 'record' : 'undecodable', record)
      assert.equal(reader.next, bytes.length)
    }
  })

  it('finds padding that is not zero', () => {
    const bytes = frameOf(recordOf(TYPE.crc, 0))
    for (const at of [12, 13, 15]) {
      const copy = Buffer.from(bytes)
      copy.writeUInt8(7, at)
      const reader = readerOf(copy)
      reader.read()
      const stray = reader.strayPadding()
      assert.equal(reader.bytes[stray], 7)
      assert.equal(reader.bytes.subarray(stray - at, stray - at + 8)[0], 4)
    }
  })

  it('reads every frame of a real segment as another reader does', () => {
    for (const { bytes } of fixtureSegments('3.6.14', 'segments', 'data')) {
      const expected = framesOf(bytes)
      const reader = readerOf(bytes)
      for (const frame of expected) {
        assert.equal(reader.read(), 'record')
        const { offset, next: end, type, crc, padding } = reader
        const data = Uint8Array.from(dataOf(reader))
        assert.deepEqual(
          { offset, end, padding, type, crc, data },
          { ...frame, data: Uint8Array.from(frame.data) },
        )
      }
      assert.ok(expected.length > 50)
      assert.match(reader.read(), /^(zero|end)$/)
    }
  })

  it('reads records that its window does not hold, up to 16 MiB, in place', () => {
    const sizes = [1, 256 * 1024 - 40, 256 * 1024, 256 * 1024 + 1, 1_500_000, LARGEST_HELD - 100]
    const writer = new SegmentWriter().metadata()
    for (const [at, size] of sizes.entries()) writer.entry(at + 1, Buffer.alloc(size, at + 1))
    const reader = readerOf(writer.bytes(64))
    reader.read()
    reader.read()
    let run = reader.dataCrc(0)
    for (const [at, size] of sizes.entries()) {
      assert.equal(reader.read(), 'record')
      assert.equal(reader.large, false)
      run = reader.dataCrc(run)
      assert.equal(run, reader.crc)
      assert.ok(reader.readEntry())
      const { index, dataStart, dataEnd } = reader.entry
      assert.deepEqual([index, dataEnd - dataStart], [at + 1, size])
      assert.ok(reader.bytes.subarray(dataStart, dataEnd).every((byte) => byte === at + 1))
    }
    assert.equal(reader.read(), 'zero')
  })

  it('goes back to a small one after a large one, and to another segment', () => {
    const [first, second] = fixtureSegments('3.6.14', 'segments', 'data')
    assert.ok(first && second)
    const reader = readerOf(first.bytes)
    const frames = framesOf(first.bytes)
    for (const { offset, type } of [...frames].reverse()) {
      assert.equal(reader.readAt(offset), 'record')
      assert.equal(reader.type, type)
    }
    reader.reset(new MemorySource('wal', second.bytes))
    assert.equal(reader.read(), 'record')
    assert.deepEqual(
      [reader.offset, reader.type, reader.crc],
      [0, TYPE.crc, framesOf(second.bytes)[0]?.crc],
    )
  })
})
