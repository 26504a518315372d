import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { keyJson, secretJson, valueJson } from '../../../src/lib/report/bytes.ts'

const utf8 = (text: string) => new TextEncoder().encode(text)
const binary = Uint8Array.of(0x6b, 0xff)

describe('keyJson', () => {
  it('is text when a key is printable, base64 when not', () => {
    assert.deepEqual(keyJson(utf8('/registry/pods/ä')), { text: '/registry/pods/ä' })
    assert.deepEqual(keyJson(utf8('')), { text: '' })
    assert.deepEqual(keyJson(utf8('a\nb')), { base64: 'YQpi' })
    assert.deepEqual(keyJson(utf8('a\u202eb')), { base64: 'YeKArmI=' })
    assert.deepEqual(keyJson(binary), { base64: 'a/8=' })
  })

  it('never loses a byte', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (key) => {
        const json = keyJson(key)
        const back = 'text' in json ? Buffer.from(json.text) : Buffer.from(json.base64, 'base64')
        assert.deepEqual(Uint8Array.from(back), key)
      }),
    )
  })
})

describe('valueJson', () => {
  it('says no more than the length unless asked', () => {
    assert.deepEqual(valueJson(utf8('secret')), { bytes: 6 })
  })

  it('shows the content as asked', () => {
    const value = utf8('{"id":18446744073709551615}')
    assert.deepEqual(valueJson(value, 'text'), { bytes: 27, text: '{"id":18446744073709551615}' })
    assert.deepEqual(valueJson(value, 'json'), { bytes: 27, json: { id: 2n ** 64n - 1n } })
    assert.deepEqual(valueJson(binary, 'hex'), { bytes: 2, hex: '6bff' })
    assert.deepEqual(valueJson(binary, 'base64'), { bytes: 2, base64: 'a/8=' })
    assert.deepEqual(valueJson(utf8('abc'), 'hash'), {
      bytes: 3,
      sha256: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    })
  })

  it('falls back from json to text, and from text to base64', () => {
    assert.deepEqual(valueJson(utf8('v1'), 'json'), { bytes: 2, text: 'v1' })
    assert.deepEqual(valueJson(binary, 'json'), { bytes: 2, base64: 'a/8=' })
    assert.deepEqual(valueJson(binary, 'text'), { bytes: 2, base64: 'a/8=' })
  })
})

describe('secretJson', () => {
  it('tells a secret only when asked', () => {
    assert.deepEqual(secretJson('pässword', {}), { redacted: true, bytes: 9 })
    assert.equal(secretJson('pässword', { showSecrets: true }), 'pässword')
  })
})
