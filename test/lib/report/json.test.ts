import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { parseJson } from '../../../src/lib/proto/json.ts'
import { canonical } from '../../../src/lib/proto/uint64.ts'
import { toJson, writeJson } from '../../../src/lib/report/json.ts'

function written(value: unknown, indent?: number): string {
  const chunks: string[] = []
  writeJson(value, (chunk) => chunks.push(chunk), indent)
  return chunks.join('')
}

describe('toJson', () => {
  it('is JSON.stringify for what both can write', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(0, 2), (value, indent) => {
        const native = JSON.stringify(value, undefined, indent)
        // fast-check's strings reach beyond what we leave unescaped.
        fc.pre(!/[\x7f-\x9f\p{Cf}\u2028\u2029]|\de\+/u.test(native))
        assert.equal(toJson(value, indent), native)
        assert.equal(toJson([value, 1n], indent), JSON.stringify([value, 1], undefined, indent))
        assert.equal(written(value, indent), native)
      }),
    )
  })

  it('writes integers of any size, exactly and without exponents', () => {
    assert.equal(
      toJson([2n ** 64n - 1n, -(2n ** 63n), 2 ** 53 - 1]),
      '[18446744073709551615,-9223372036854775808,9007199254740991]',
    )
    assert.equal(toJson(1e21), '1000000000000000000000')
    assert.equal(toJson({ small: 1e-7, none: Number.NaN }), '{"small":1e-7,"none":null}')
    const integer = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 64n - 1n })
    fc.assert(
      fc.property(fc.array(integer.map(canonical)), (integers) => {
        assert.deepEqual(parseJson(toJson({ integers })), { ok: true, value: { integers } })
      }),
    )
  })

  it('leaves out what is undefined', () => {
    for (const extra of [{}, { big: 2n ** 60n }]) {
      const json = toJson({ a: undefined, b: [undefined], c: {}, ...extra })
      assert.ok(json.startsWith('{"b":[null],"c":{}'), json)
    }
  })

  it('shows a terminal nothing that it would obey', () => {
    const text = '\u001b[31m \u009b \u202e \u2028 \u{e0001} é 漢'
    const want = String.raw`"\u001b[31m \u009b \u202e \u2028 \udb40\udc01 é 漢"`
    assert.equal(toJson(text), want)
    assert.equal(toJson({ [text]: 1n }), `{${want}:1}`)
    assert.deepEqual(JSON.parse(toJson(text)), text)
  })
})

describe('writeJson', () => {
  it('writes generators as arrays, in pieces', () => {
    function* lines() {
      for (let index = 0; index < 20_000; index += 1) yield { index, id: 2n ** 60n }
    }
    const chunks: string[] = []
    writeJson({ kind: 'log', nested: { lines: lines() } }, (chunk) => chunks.push(chunk))
    assert.ok(chunks.length > 5 && chunks.every((chunk) => chunk.length < 70_000))
    assert.equal(chunks.join(''), toJson({ kind: 'log', nested: { lines: [...lines()] } }))
  })

  it('indents as toJson does', () => {
    const value = { a: [{ b: [1, {}] }, []], c: {}, d: [], e: undefined, f: 2n ** 60n }
    assert.equal(written(value, 2), toJson(value, 2))
    assert.equal(written(value), toJson(value))
  })
})
