import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { MemorySource, type Source } from '../../../src/lib/io/source.ts'
import { Window } from '../../../src/lib/io/window.ts'

const numbers = (length: number) => Uint8Array.from({ length }, (_, at) => at % 251)
const here = (capacity: number) => new Uint8Array(capacity)

/** Counts how often it is read. */
function counting(bytes: Uint8Array): Source & { reads: number } {
  const source = new MemorySource('memory', bytes)
  return {
    name: 'memory',
    size: bytes.length,
    reads: 0,
    read(at, into) {
      this.reads += 1
      return source.read(at, into)
    },
    close() {},
  }
}

describe('Window', () => {
  it('holds any range that lies in the source, whatever was held before', () => {
    const bytes = numbers(1000)
    const window = new Window(new MemorySource('memory', bytes), here, 64)
    fc.assert(
      fc.property(fc.nat(1100), fc.nat(300), (at, length) => {
        const position = window.locate(at, length)
        if (at + length > bytes.length) assert.equal(position, -1)
        else {
          const held = window.bytes.subarray(position, position + length)
          assert.deepEqual(held, bytes.subarray(at, at + length))
          assert.ok(position + length <= window.heldTo)
        }
      }),
    )
  })

  it('reads nothing that it holds', () => {
    const source = counting(numbers(1000))
    const window = new Window(source, here, 100)
    window.locate(200, 1)
    assert.equal(source.reads, 1)
    for (const [at, length] of [
      [200, 100],
      [299, 1],
      [250, 50],
      [300, 0],
    ] as const) {
      assert.equal(window.locate(at, length), at - 200)
    }
    assert.equal(source.reads, 1)
    window.locate(299, 2)
    assert.equal(source.reads, 2)
    window.locate(298, 1)
    assert.equal(source.reads, 3)
  })

  it('holds the last byte, and not the one behind it', () => {
    const window = new Window(new MemorySource('memory', numbers(100)), here, 64)
    assert.equal(window.locate(99, 1), 0)
    assert.equal(window.heldTo, 1)
    assert.equal(window.locate(99, 2), -1)
    assert.notEqual(window.locate(100, 0), -1)
    assert.equal(window.locate(100, 1), -1)
    assert.equal(window.locate(Number.MAX_SAFE_INTEGER - 1, 1), -1)
  })

  it('grows to what is asked for, and no further than twice that', () => {
    const bytes = numbers(5000)
    const window = new Window(new MemorySource('memory', bytes), here, 64)
    for (const length of [64, 65, 128, 129, 1000, 4096, 5000]) {
      const position = window.locate(0, length)
      assert.deepEqual(window.bytes.slice(position, position + length), bytes.slice(0, length))
      assert.ok(window.capacity >= length && window.capacity < length * 2 + 64)
    }
  })

  it('keeps its buffer, and nothing of the bytes, for another source', () => {
    const window = new Window(new MemorySource('one', numbers(1000)), here, 64)
    window.locate(0, 500)
    const { capacity } = window
    window.reset(new MemorySource('two', Uint8Array.of(9, 8, 7)))
    assert.equal(window.capacity, capacity)
    assert.equal(window.locate(0, 4), -1)
    const position = window.locate(0, 3)
    assert.deepEqual([...window.bytes.subarray(position, position + 3)], [9, 8, 7])
  })

  it('says so when the file got shorter than it was', () => {
    const source = { ...counting(numbers(100)), size: 200 }
    source.read = counting(numbers(100)).read
    assert.equal(new Window(source, here, 64).locate(90, 20), -1)
  })
})
