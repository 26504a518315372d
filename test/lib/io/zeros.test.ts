import assert from 'node:assert/strict'
import { it } from 'node:test'
import { MemorySource } from '../../../src/lib/io/source.ts'
import { firstNonZero } from '../../../src/lib/io/zeros.ts'

const CHUNK = 256 * 1024

function find(length: number, nonZero: readonly number[], from: number): number | undefined {
  const bytes = new Uint8Array(length)
  for (const at of nonZero) bytes[at] = 0x80
  return firstNonZero(new MemorySource('memory', bytes), from)
}

it('firstNonZero finds the first byte that is not zero, at and around the edges of its chunks', () => {
  for (const at of [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 3 * CHUNK - 1]) {
    assert.equal(find(3 * CHUNK, [at], 0), at)
    assert.equal(find(3 * CHUNK, [at, 3 * CHUNK - 1], 0), at)
    assert.equal(find(3 * CHUNK, [at], at), at)
    assert.equal(find(3 * CHUNK, [at], at + 1), undefined)
  }
})

it('firstNonZero finds none in zeros, in nothing and behind the end', () => {
  assert.equal(find(3 * CHUNK + 7, [], 0), undefined)
  assert.equal(find(0, [], 0), undefined)
  assert.equal(find(10, [9], 10), undefined)
  assert.equal(find(10, [9], 1000), undefined)
})
