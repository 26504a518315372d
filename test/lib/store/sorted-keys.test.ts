import assert from 'node:assert/strict'
import { readdirSync, readlinkSync } from 'node:fs'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import {
  SortedKeys,
  type SortedKeysOptions,
} from '../../../src/lib/store/sorted-keys/sorted-keys.ts'

type Pair = readonly [key: string, payload: string]

/** Keys and payloads as latin1. */
function sorted(pairs: readonly Pair[], options: SortedKeysOptions): Pair[] {
  const keys = new SortedKeys(options)
  try {
    for (const [key, payload] of pairs) {
      keys.add(Buffer.from(key, 'latin1'), Buffer.from(payload, 'latin1'))
    }
    const records = keys.sort()
    const result: Pair[] = []
    while (records.next()) {
      const { bytes, keyStart, keyEnd, payloadEnd } = records
      const text = (from: number, to: number): string =>
        Buffer.from(bytes.subarray(from, to)).toString('latin1')
      result.push([text(keyStart, keyEnd), text(keyEnd, payloadEnd)])
    }
    assert.equal(records.next(), false)
    return result
  } finally {
    keys.close()
  }
}

function naive(pairs: readonly Pair[], { lastOnly, descending }: SortedKeysOptions): Pair[] {
  const kept = lastOnly ? [...new Map(pairs)] : [...pairs]
  // Latin1 text compares as its bytes do, and the sort is stable.
  kept.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
  return descending ? kept.reverse() : kept
}

/** Few letters, so that keys are often equal or each other's beginning; zeros, which end no key. */
const key = fc.oneof(
  fc.string({ unit: fc.constantFrom('\0', 'a', 'b', '\xff'), maxLength: 12 }),
  fc
    .string({ unit: fc.constantFrom('\0', 'a'), maxLength: 3 })
    .map((end) => `/registry/pods/${end}`),
  fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 300 }),
)
const pairs = fc.array(fc.tuple(key, fc.string({ unit: 'binary-ascii', maxLength: 5 })), {
  maxLength: 200,
  size: 'max',
})
const order = fc.record({ lastOnly: fc.boolean(), descending: fc.boolean() })

describe('SortedKeys', () => {
  test('sorts as a plain sort does', () => {
    fc.assert(
      fc.property(pairs, order, (input, options) => {
        assert.deepEqual(sorted(input, options), naive(input, options))
      }),
      { numRuns: 500 },
    )
  })

  test('sorts the same by way of a temporary file', () => {
    const limits = fc.oneof(
      fc.record({ memory: fc.integer({ min: 1, max: 2000 }) }),
      fc.record({ records: fc.integer({ min: 1, max: 40 }) }),
    )
    fc.assert(
      fc.property(pairs, order, limits, (input, options, limit) => {
        assert.deepEqual(sorted(input, { ...options, ...limit }), naive(input, options))
      }),
      { numRuns: 200 },
    )
  })

  test('sorts records larger than its memory and its pieces', () => {
    const large: Pair[] = [300_000, 5, 100_000, 700_000, 30_000, 5].map((length, at) => [
      'k'.repeat(length),
      String(at).repeat(length),
    ])
    for (const memory of [1000, 150_000, 10_000_000]) {
      for (const lastOnly of [false, true]) {
        const options = { memory, lastOnly }
        assert.deepEqual(sorted(large, options), naive(large, options))
      }
    }
  })

  test('takes its time from the bytes, not from their order', () => {
    const shared = 'x'.repeat(5000)
    const many: Pair[] = Array.from({ length: 4000 }, (_, at) => [
      shared + (at % 7 === 0 ? '' : String((at * 7919) % 4000)),
      '',
    ])
    const start = performance.now()
    assert.deepEqual(sorted(many, {}), naive(many, {}))
    assert.ok(performance.now() - start < 5000)
  })

  test('leaves no file behind, and no descriptor', () => {
    const spillsOpen = (): number =>
      readdirSync('/proc/self/fd').filter((fd) => isSpill(`/proc/self/fd/${fd}`)).length
    const keys = new SortedKeys({ records: 2 })
    for (const text of ['c', 'b', 'a', 'd']) keys.add(Buffer.from(text), new Uint8Array(0))
    assert.equal(spillsOpen(), 1)
    keys.sort()
    keys.close()
    keys.close()
    assert.equal(spillsOpen(), 0)
  })
})

/** A file of ours that has no name any more. */
function isSpill(link: string): boolean {
  try {
    return /etcdsnap-[^/]* \(deleted\)$/.test(readlinkSync(link))
  } catch {
    return false
  }
}
