import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { IndexRuns } from '../../../src/lib/wal/index-runs.ts'
import { Truncations } from '../../../src/lib/wal/truncations.ts'

/** Indexes as logs have them: mostly one after the other, with jumps ahead and back. */
const log = fc
  .array(
    fc.oneof(
      { weight: 6, arbitrary: fc.constant(1) },
      { weight: 1, arbitrary: fc.integer({ min: -9, max: 9 }) },
    ),
    {
      maxLength: 60,
    },
  )
  .map((steps) => {
    let index = 20
    return steps.map((step) => {
      index = Math.max(1, index + step)
      return index
    })
  })

/** What is in effect: an entry voids all of its own index and above that came before. */
function inEffect(indexes: readonly number[]): number[] {
  let effective: number[] = []
  for (const index of indexes) effective = [...effective.filter((each) => each < index), index]
  return effective
}

describe('IndexRuns', () => {
  it('has the indexes that are in effect, in runs without gaps', () => {
    fc.assert(
      fc.property(log, (indexes) => {
        const runs = new IndexRuns()
        for (const index of indexes) runs.add(index)
        const flat = runs.runs.flatMap(({ first, last }) =>
          Array.from({ length: Number(last) - Number(first) + 1 }, (_, at) => Number(first) + at),
        )
        const expected = inEffect(indexes)
        assert.deepEqual(flat, expected)
        assert.equal(runs.last, expected.at(-1))
        assert.equal(runs.overwritten, indexes.length - expected.length)
        for (const [at, run] of runs.runs.entries()) {
          const next = runs.runs[at + 1]
          assert.ok(next === undefined || next.first > Number(run.last) + 1)
        }
      }),
      { numRuns: 500 },
    )
  })

  it('tells a jump ahead from all else', () => {
    const runs = new IndexRuns()
    const steps: [number, boolean][] = [
      [5, true],
      [6, true],
      [6, true],
      [5, true],
      [6, true],
      [8, false],
      [9, true],
      [7, true],
      [3, true],
      [4, true],
    ]
    for (const [index, continues] of steps) assert.equal(runs.add(index), continues, String(index))
    assert.deepEqual(runs.runs, [{ first: 3, last: 4 }])
  })

  it('is exact above 2^53', () => {
    const runs = new IndexRuns()
    const start = 2n ** 64n - 4n
    for (const index of [start, start + 1n, start + 2n, start + 1n]) assert.ok(runs.add(index))
    assert.deepEqual(runs.runs, [{ first: start, last: start + 1n }])
    assert.equal(runs.overwritten, 2)
    assert.equal(runs.add(start + 3n), false)
    const across = new IndexRuns()
    assert.ok(across.add(2 ** 53 - 1) && across.add(2n ** 53n) && across.add(2n ** 53n + 1n))
    assert.deepEqual(across.runs, [{ first: 2 ** 53 - 1, last: 2n ** 53n + 1n }])
  })

  it('bounds its memory: of very many runs the oldest go', () => {
    const runs = new IndexRuns()
    for (let at = 0; at < 5000; at++) runs.add(1 + at * 2)
    assert.equal(runs.runs.length, 4096)
    assert.equal(runs.last, 9999)
  })
})

describe('Truncations', () => {
  it('tells which entries a later one voids', () => {
    fc.assert(
      fc.property(log, (indexes) => {
        const truncations = new Truncations()
        for (const [ordinal, index] of indexes.entries()) truncations.add(ordinal, index)
        for (let round = 0; round < 2; round++) {
          const voided = indexes.map((index, ordinal) => truncations.voids(ordinal, index))
          const expected = indexes.map((index, ordinal) =>
            indexes.slice(ordinal + 1).some((later) => later <= index),
          )
          assert.deepEqual(voided, expected)
          truncations.rewind()
        }
      }),
      { numRuns: 500 },
    )
  })

  it('voids nothing in a log that only goes ahead', () => {
    const truncations = new Truncations()
    for (let index = 1; index < 100; index++) truncations.add(index - 1, index * 2)
    for (let index = 1; index < 100; index++)
      assert.equal(truncations.voids(index - 1, index * 2), false)
  })
})
