import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { escapeForTerminal, isPrintable, textOf } from '../../../src/lib/report/escape.ts'
import { displayWidth } from '../../../src/lib/report/width.ts'

/** Undoes the escapes: the bytes that the text stands for. */
function bytesOf(text: string): Uint8Array {
  const parts = text.match(/\\x[0-9a-f]{2}|\\\\|[^\\]+/g) ?? []
  return Buffer.concat(
    parts.map((part) => {
      if (part === '\\\\') return Buffer.from('\\')
      return part.startsWith('\\x') ? Buffer.from(part.slice(2), 'hex') : Buffer.from(part)
    }),
  )
}

describe('escapeForTerminal', () => {
  const cases: [input: string | Uint8Array, want: string][] = [
    ['/registry/pods/a', '/registry/pods/a'],
    ['\u001b[2Jé漢', String.raw`\x1b[2Jé漢`],
    ['a\tb\r\n', String.raw`a\x09b\x0d\x0a`],
    ['\u009b\u202e\u2028', String.raw`\xc2\x9b\xe2\x80\xae\xe2\x80\xa8`],
    ['C:\\x41', String.raw`C:\\x41`],
    [Uint8Array.of(0x61, 0xff, 0xc3, 0xa9, 0xe2, 0x82), String.raw`a\xffé\xe2\x82`],
    [Uint8Array.of(0xc0, 0x80, 0xed, 0xa0, 0x80), String.raw`\xc0\x80\xed\xa0\x80`],
  ]
  for (const [input, want] of cases) {
    it(`gives ${want}`, () => {
      assert.equal(escapeForTerminal(input), want)
    })
  }

  it('is printable, and still says which bytes there are', () => {
    const bytes = fc.oneof(
      fc.uint8Array(),
      fc.string({ unit: 'binary' }).map((text) => new TextEncoder().encode(text)),
    )
    fc.assert(
      fc.property(bytes, (input) => {
        const escaped = escapeForTerminal(input)
        assert.ok(isPrintable(escaped))
        assert.deepEqual(Buffer.from(bytesOf(escaped)), Buffer.from(input))
        const text = textOf(input)
        if (text !== undefined) assert.equal(escapeForTerminal(text), escaped)
      }),
    )
  })
})

describe('displayWidth', () => {
  const cases: [text: string, width: number][] = [
    ['', 0],
    ['/registry', 9],
    ['é', 1],
    ['e\u0301', 1],
    ['漢字', 4],
    ['ｆｕｌｌ', 8],
    ['한국', 4],
    ['🚀', 2],
  ]
  for (const [text, width] of cases) {
    it(`of "${text}" is ${width}`, () => {
      assert.equal(displayWidth(text), width)
    })
  }
})
