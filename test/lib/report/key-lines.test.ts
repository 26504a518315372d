import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { toJson } from '../../../src/lib/report/json.ts'
import { KeyLines } from '../../../src/lib/report/key-lines.ts'
import { keyReport } from '../../../src/lib/report/keys.ts'

const int64 = fc.oneof(fc.nat(), fc.constantFrom(-1, 2n ** 63n - 1n, -(2n ** 63n), 2n ** 53n))
const plain = fc.string({ minLength: 1 }).map((text) => Buffer.from(text))
const entry = fc.record({
  key: fc.oneof(plain, fc.uint8Array({ maxLength: 9 }), fc.constant(Buffer.from('a"b\\c\x7f'))),
  main: fc.nat(),
  sub: fc.constantFrom(0, 0, 7),
  tombstone: fc.boolean(),
  createRevision: int64,
  modRevision: int64,
  version: int64,
  lease: fc.oneof(fc.constant(0), int64),
  valueBytes: fc.nat(),
  valueOffset: fc.nat(),
})

describe('lines of keys', () => {
  test('are what the report is', () => {
    const lines = new KeyLines({})
    fc.assert(
      fc.property(entry, (each) => {
        assert.equal(lines.line(each), toJson(keyReport(each, {})))
      }),
      { numRuns: 500 },
    )
  })

  test('are what the report is with values, too', () => {
    const disclosure = { values: 'text', decode: 'auto' } as const
    const lines = new KeyLines(disclosure)
    fc.assert(
      fc.property(entry, plain, (each, value) => {
        const shown = each.tombstone ? undefined : value
        assert.equal(lines.line(each, shown), toJson(keyReport(each, disclosure, shown)))
      }),
    )
  })
})
