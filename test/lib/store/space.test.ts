import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { Packing } from '../../../src/lib/store/space-packing.ts'
import { PrefixGroups } from '../../../src/lib/store/space-prefixes.ts'
import { TopGroups } from '../../../src/lib/store/space-top.ts'
import { SPACE_ORDERS, sizeIn, Tally, type Usage } from '../../../src/lib/store/space-usage.ts'

function latin1(bytes: Uint8Array | string | undefined): string {
  return typeof bytes === 'string' ? bytes : Buffer.from(bytes ?? []).toString('latin1')
}

function usageOf(bytes: number): Usage {
  const tally = new Tally()
  tally.addLive(bytes, 1)
  return tally
}

/** Up to and with the last of the first so many separators, one at the very beginning not counted. */
function naivePrefix(key: string, depth: number, separator: string): string {
  let end = 0
  for (let level = 0, at = 0; level < depth; ) {
    const found = key.indexOf(separator, at)
    if (found < 0) break
    at = found + separator.length
    if (found === 0) continue
    end = at
    level += 1
  }
  return key.slice(0, end)
}

describe('PrefixGroups', () => {
  const key = fc.string({ unit: fc.constantFrom('/', 'a', 'b', '.'), maxLength: 8 })
  const separator = fc.constantFrom('/', '.', '//', '/a')

  test('groups as cutting each key does, and gives each group once', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(key, { maxLength: 60 }),
        fc.nat({ max: 4 }),
        separator,
        (keys, depth, mark) => {
          const expected = new Map<string, number>()
          const found: [string, number][] = []
          const options = { depth, separator: Buffer.from(mark) }
          const groups = new PrefixGroups(options, ({ name, usage }) => {
            found.push([latin1(name), usage.live.bytes])
          })
          for (const [at, each] of [...keys].sort().entries()) {
            const prefix = naivePrefix(each, depth, mark)
            expected.set(prefix, (expected.get(prefix) ?? 0) + at)
            groups.add(Buffer.from(each), usageOf(at))
          }
          groups.finish()
          assert.deepEqual(found.sort(), [...expected].sort())
        },
      ),
      { numRuns: 500 },
    )
  })

  test('takes the separator that a path begins with for no level', () => {
    const names: string[] = []
    const options = { depth: 2, separator: Buffer.from('/') }
    const groups = new PrefixGroups(options, ({ name }) => names.push(latin1(name)))
    for (const each of ['/registry/health', '/registry/pods/a/b', 'compact_rev_key']) {
      groups.add(Buffer.from(each), usageOf(1))
    }
    groups.finish()
    assert.deepEqual(names, ['/registry/pods/', '/registry/', ''])
  })
})

describe('TopGroups', () => {
  const usage = fc
    .record({ live: fc.nat(9), records: fc.nat(9), history: fc.nat(99), changes: fc.nat(9) })
    .map(({ live, records, history, changes }) => {
      const tally = new Tally()
      tally.addLive(live, changes)
      tally.addHistory(records, history)
      return tally
    })

  test('keeps the largest, and adds up the rest', () => {
    fc.assert(
      fc.property(
        fc.array(usage, { maxLength: 50 }),
        fc.nat({ max: 8 }),
        fc.constantFrom(...SPACE_ORDERS),
        (usages, most, order) => {
          const top = new TopGroups(most, order)
          for (const [at, each] of usages.entries()) top.add({ name: String(at), usage: each })
          const sorted = usages
            .map((each, at) => ({ name: String(at), usage: each }))
            .sort((a, b) => sizeIn(order, b.usage) - sizeIn(order, a.usage))
          assert.deepEqual(top.groups(), sorted.slice(0, most))
          const rest = new Tally()
          for (const each of sorted.slice(most)) rest.add(each.usage)
          assert.deepEqual(top.rest, { groups: Math.max(0, usages.length - most), usage: rest })
        },
      ),
    )
  })

  test('copies names that lie in memory which is used again', () => {
    const top = new TopGroups(2, 'total')
    const name = Buffer.from('first')
    top.add({ name, usage: usageOf(1) })
    name.write('again')
    assert.equal(latin1(top.groups()[0]?.name), 'first')
  })
})

describe('a tally', () => {
  test('stays exact whatever a damaged version says', () => {
    const tally = new Tally()
    tally.addLive(1, -5)
    assert.equal(tally.changes, 0)
    tally.addLive(1, 2n ** 63n - 1n)
    tally.addLive(1, 2n ** 63n - 1n)
    assert.equal(tally.changes, Number.MAX_SAFE_INTEGER)
  })
})

describe('an estimate of packed pages', () => {
  // What `etcdutl defrag` of 3.5.30 left of a million rows of 95 bytes, and of 200 000 of 1069.
  const measured: readonly (readonly [rows: number, bytes: number, pages: number])[] = [
    [1_000_000, 127, 40_344],
    [200_000, 1069, 67_284],
  ]
  for (const [rows, bytes, pages] of measured) {
    test(`of ${rows} rows is within 1 % of what etcdutl leaves`, () => {
      const packing = new Packing(4096)
      for (let row = 0; row < rows; row++) packing.add(bytes)
      const estimate = packing.pages(0)
      assert.ok(Math.abs(estimate - pages) < pages / 100, `${estimate} pages`)
    })
  }

  test('of nothing is what every file has', () => {
    assert.equal(new Packing(4096).pages(2), 5)
  })

  test('gives a row larger than a page its overflow', () => {
    const packing = new Packing(4096)
    packing.add(100_000)
    assert.equal(packing.pages(0), 3 + Math.ceil((100_000 + 32) / 4096))
  })
})
