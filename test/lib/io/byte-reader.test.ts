import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { ByteReader } from '../../../src/lib/io/byte-reader.ts'
import { MemorySource } from '../../../src/lib/io/source.ts'

const bytes = Buffer.from(Array.from({ length: 700_000 }, (_, i) => (i * 7919) >> 5))

/** Gives a few bytes at a time, as a pipe does. */
function trickle(step: number): ByteReader {
  let at = 0
  return new ByteReader((into) => {
    const got = bytes.copy(into, 0, at, Math.min(at + step, at + into.length))
    at += got
    return got
  })
}

describe('ByteReader', () => {
  it('looks ahead without going on, and tells where the end is', () => {
    const reader = trickle(1000)
    assert.ok(reader.peek(200_000).equals(bytes.subarray(0, 200_000)))
    assert.ok(reader.take(3).equals(bytes.subarray(0, 3)))
    assert.equal(reader.offset, 3)
    reader.skip(100_000)
    assert.ok(reader.peek(200_000).equals(bytes.subarray(100_003, 300_003)))
    let rest = 0
    for (let some = reader.peekAny(); some.length > 0; some = reader.peekAny()) {
      rest += some.length
      reader.skip(some.length)
    }
    assert.deepEqual([rest, reader.offset], [bytes.length - 100_003, bytes.length])
    assert.equal(reader.peek(10).length, 0)
  })

  it('reads a range of a source, and says its offsets', () => {
    const reader = ByteReader.over(new MemorySource('x', bytes), 1000, 1010)
    assert.deepEqual([reader.offset, reader.peek(100).length], [1000, 10])
    assert.ok(reader.take(4).equals(bytes.subarray(1000, 1004)))
    assert.equal(reader.offset, 1004)
    assert.equal(ByteReader.over(new MemorySource('x', bytes), 5, 5).peek(1).length, 0)
  })

  it('gives every byte once, in order, however it is asked', () => {
    const asked = fc.array(fc.tuple(fc.nat(256 * 1024), fc.boolean()), { maxLength: 30 })
    fc.assert(
      fc.property(fc.integer({ min: 1000, max: 300_000 }), asked, (step, requests) => {
        const reader = trickle(step)
        for (const [length, take] of requests) {
          const { offset } = reader
          const expected = bytes.subarray(offset, offset + length)
          assert.ok((take ? reader.take(length) : reader.peek(length)).equals(expected))
          assert.equal(reader.offset, take ? offset + expected.length : offset)
        }
      }),
      { numRuns: 100 },
    )
  })
})
