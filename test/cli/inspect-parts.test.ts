import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { excerpt } from '../../src/cli/inspect/excerpt.ts'
import { flow } from '../../src/cli/inspect/flow.ts'
import { exactSize, humanSize } from '../../src/cli/inspect/size.ts'
import { elided, shown, shownKey } from '../../src/cli/inspect/text.ts'

describe('sizes', () => {
  it('have three digits or so, and a unit that fits', () => {
    const sizes: [number, string][] = [
      [0, '0 B'],
      [1023, '1023 B'],
      [1024, '1 KiB'],
      [12_800, '12.5 KiB'],
      [64_000_000, '61 MiB'],
      [1024 ** 2 - 1, '1 MiB'],
      [8 * 1024 ** 3, '8 GiB'],
    ]
    for (const [bytes, text] of sizes) assert.equal(humanSize(bytes), text)
  })

  it('are exact where that says more', () => {
    assert.equal(exactSize(12_800), '12.5 KiB (12800 bytes)')
    assert.equal(exactSize(512), '512 B')
  })
})

describe('a flow', () => {
  it('breaks between pieces only', () => {
    assert.deepEqual(flow(['put 47', 'txn 4', 'alarm 4'], ', ', 14), ['put 47, txn 4,', 'alarm 4'])
    assert.deepEqual(flow(['a', '/a/long/path', 'b'], ' ', 5), ['a', '/a/long/path', 'b'])
    assert.deepEqual(flow([], ' ', 5), [])
  })

  it('measures what shows, not colours', () => {
    assert.deepEqual(flow(['\x1b[31mbad\x1b[39m', 'ok'], ' ', 6), ['\x1b[31mbad\x1b[39m ok'])
  })
})

describe('an excerpt', () => {
  const numbers = Array.from({ length: 300 }, (_, at) => at)

  it('leaves a short list alone', () => {
    assert.deepEqual(
      excerpt(numbers.slice(0, 12), () => false).map((line) => 'item' in line && line.item),
      numbers.slice(0, 12),
    )
  })

  it('keeps the ends and what matters, and counts the rest', () => {
    const lines = excerpt(numbers, (number) => number === 150)
    const rest = lines.flatMap((line) => ('skipped' in line ? [line.skipped] : []))
    assert.deepEqual(rest, [146, 141])
    assert.ok(lines.some((line) => 'item' in line && line.item === 150))
    assert.equal(lines.length - 2 + 146 + 141, 300)
  })

  it('stays short when everything matters', () => {
    assert.ok(excerpt(numbers, () => true).length < 40)
  })
})

it('a name keeps its digits when its zeros are left out', () => {
  assert.equal(elided('0000000000000004-0000000000000066.snap'), '…4-…66.snap')
  assert.equal(elided('0000000000000000-0000000000000000.wal'), '…0-…0.wal')
})

it('text from a file obeys no one and ends somewhere', () => {
  assert.equal(shown('a\x1b[2J\u202eb'), 'a\\x1b[2J\\xe2\\x80\\xaeb')
  assert.ok(shown('x'.repeat(1e6)).length < 5000)
})

describe('a key', () => {
  it('is escaped once, and cut', () => {
    assert.equal(shownKey(Buffer.from('/a\\b\x1b/\xff', 'latin1')), '/a\\\\b\\x1b/\\xff')
    assert.equal(shownKey(Buffer.alloc(32_768, 'k')), `${'k'.repeat(512)}…`)
  })
})
