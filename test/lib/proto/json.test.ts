import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { parseJson } from '../../../src/lib/proto/json.ts'

function value(text: string | Uint8Array): unknown {
  const parsed = parseJson(text)
  assert.ok(parsed.ok, parsed.ok ? '' : parsed.reason)
  return parsed.value
}

describe('parseJson', () => {
  it('keeps 64-bit integers exact', () => {
    // A row of the members bucket of a 3.5.30 server.
    const row =
      '{"id":13885315960595192159,"peerURLs":["http://127.0.0.1:24301"],"name":"m1","clientURLs":["http://127.0.0.1:24300"]}'
    assert.deepEqual(value(row), {
      id: 13885315960595192159n,
      peerURLs: ['http://127.0.0.1:24301'],
      name: 'm1',
      clientURLs: ['http://127.0.0.1:24300'],
    })
    assert.deepEqual(value('[18446744073709551615,9007199254740991,9007199254740992]'), [
      2n ** 64n - 1n,
      2 ** 53 - 1,
      2n ** 53n,
    ])
    assert.equal(value('-9223372036854775808'), -(2n ** 63n))
  })

  it('gives what JSON.parse gives where that is exact, by either way', () => {
    const long = '1111111111111111' // sends the text through our own parser
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), fc.boolean(), (json, spaced) => {
        fc.pre(!/\d{16}/.test(JSON.stringify(json)))
        const text = JSON.stringify([json, long], null, spaced ? 2 : 0)
        assert.deepEqual(value(text), JSON.parse(text))
      }),
    )
    const prototype = `{"__proto__":{"a":1},"b":"${long}"}`
    assert.deepEqual(value(prototype), JSON.parse(prototype))
    assert.equal(value('12345678901234567890.5'), 12345678901234567000)
  })

  it('takes invalid UTF-8 for U+FFFD, as Go does', () => {
    assert.equal(value(Uint8Array.of(0x22, 0xff, 0x22)), '\ufffd')
  })

  const broken: [text: string, at: number, reason: string][] = [
    ['', 0, 'expected a value, found the end'],
    ['{"é":1,}', 8, 'expected a key, found "}"'],
    ['{"a" 1}', 5, 'expected ":", found "1"'],
    ['[1 2]', 3, 'expected "," or "]", found "2"'],
    ['{"a":1', 6, 'expected "," or "}", found the end'],
    ['tru', 0, 'expected a value, found "t"'],
    ['"\\x"', 0, 'bad string'],
    ['"open', 0, 'bad string'],
    ['01', 1, 'expected the end, found "1"'],
    ['1 1', 2, 'expected the end, found "1"'],
    ['\ufeff1', 0, 'expected a value, found "\ufeff"'],
    [`${'['.repeat(3000)}1111111111111111`, 2000, 'nested deeper than 2000'],
  ]
  for (const [text, at, reason] of broken) {
    it(`says where ${JSON.stringify(text.slice(0, 12))} is broken`, () => {
      assert.deepEqual(parseJson(text), { ok: false, at, reason })
    })
  }

  it('never throws', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.uint8Array()), (input) => {
        parseJson(input)
      }),
    )
  })
})
