import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { decodeValue } from '../../../src/lib/k8s/decode.ts'
import { describeValue, type ValueIdentity } from '../../../src/lib/k8s/value.ts'
import type { ValueTruth } from '../../fixtures/make/scenarios/kubernetes.ts'
import { values } from './operations.ts'

/** What `describeValue` should say of a value with this truth. */
function identity(truth: ValueTruth): ValueIdentity {
  const { encoding, apiVersion, kind, provider = '', version = '', keyName = '', kmsKeyId } = truth
  if (encoding === 'unknown') return { encoding }
  if (encoding === 'encrypted') {
    return { encoding, provider, version, keyName, ...(kmsKeyId && { kmsKeyId }) }
  }
  const { namespace, name, uid, creationTimestamp, generation } = truth
  return {
    encoding,
    object: {
      apiVersion: apiVersion as string,
      kind: kind as string,
      ...(namespace && { namespace }),
      ...(name && { name }),
      ...(uid && { uid }),
      ...(creationTimestamp && { creationTimestamp }),
      ...(generation && { generation }),
    },
  }
}

const ofEncoding = (encoding: string) => values.filter(({ truth }) => truth.encoding === encoding)
const json = (text: string) => describeValue(Buffer.from(text))

describe('describeValue', () => {
  it('has real values of every encoding, and of 40 kinds at least', () => {
    const encodings = new Set(values.map(({ truth }) => truth.encoding))
    assert.deepEqual([...encodings].sort(), ['cbor', 'encrypted', 'json', 'protobuf', 'unknown'])
    const sealed = ofEncoding('encrypted').map(({ truth }) => `${truth.provider}:${truth.version}`)
    const providers = ['aescbc:v1', 'aesgcm:v1', 'kms:v1', 'kms:v2', 'secretbox:v1']
    assert.deepEqual([...new Set(sealed)].sort(), providers)
    const kinds = new Set(ofEncoding('protobuf').map(({ truth }) => truth.kind))
    assert.ok(kinds.size >= 40, `${kinds.size} kinds`)
  })

  for (const { title, bytes, truth } of values) {
    it(`says what it is: ${title}`, () => {
      assert.deepEqual(describeValue(bytes), identity(truth))
    })
  }

  it('says that a protobuf object is cut, wherever that is but between two fields', () => {
    for (const { title, bytes } of ofEncoding('protobuf')) {
      // The last two fields, of two bytes each, are empty: without them nothing is missing.
      const whole = [bytes.length - 2, bytes.length - 4]
      for (let end = 4; end < bytes.length; end++) {
        const said = describeValue(bytes.subarray(0, end))
        assert.equal(said.encoding, 'protobuf')
        const isCut = 'damage' in said && said.damage !== undefined
        const isWrapped = title.includes('json-in-protobuf') && end >= bytes.length - 20
        assert.ok(isCut || whole.includes(end) || isWrapped, `${title} cut at ${end}`)
      }
    }
  })

  it('names an object that is cut behind its metadata', () => {
    for (const { bytes, truth } of ofEncoding('protobuf').slice(0, 20)) {
      const said = describeValue(bytes.subarray(0, bytes.length - 5))
      assert.ok('object' in said && said.object && said.damage)
      assert.equal(said.object.kind, truth.kind)
      if (bytes.length > 200) assert.equal(said.object.name, truth.name)
    }
  })

  it('says that JSON is cut, and takes no half of the metadata for the whole', () => {
    for (const { title, bytes, truth } of ofEncoding('json')) {
      for (let end = 1; end < bytes.lastIndexOf('}'); end++) {
        const said = describeValue(bytes.subarray(0, end))
        if (said.encoding === 'unknown') continue
        assert.ok(said.encoding === 'json' && said.damage, `${title} cut at ${end}`)
        const { name, namespace } = said.object ?? {}
        if (name !== undefined) assert.deepEqual({ name, namespace }, namesOf(truth))
      }
    }
  })

  it('says that CBOR is cut, wherever that is', () => {
    for (const { title, bytes } of ofEncoding('cbor')) {
      for (let end = 3; end < bytes.length; end++) {
        const said = describeValue(bytes.subarray(0, end))
        assert.ok(said.encoding === 'cbor' && said.damage, `${title} cut at ${end}`)
      }
    }
  })

  it('says that a ciphertext is shorter than its parts', () => {
    for (const { title, bytes, truth } of ofEncoding('encrypted')) {
      const head = `k8s:enc:${truth.provider}:${truth.version}:${truth.keyName}:`
      const said = describeValue(bytes.subarray(0, head.length + 9))
      assert.ok(said.encoding === 'encrypted' && said.damage, title)
      assert.equal(describeValue(bytes.subarray(0, head.length - 1)).encoding, 'unknown')
    }
    const cbc = ofEncoding('encrypted').find(({ truth }) => truth.provider === 'aescbc')
    const said = describeValue(cbc?.bytes.subarray(0, -1) as Uint8Array)
    assert.ok(said.encoding === 'encrypted' && said.damage)
  })

  it('knows an encryption that is not invented yet by its prefix', () => {
    assert.deepEqual(describeValue(Buffer.from('k8s:enc:kms:v9:plugin:\0\0')), {
      encoding: 'encrypted',
      provider: 'kms',
      version: 'v9',
      keyName: 'plugin',
    })
  })

  it('reads JSON members wherever they stand, and the last of two', () => {
    const said = json(
      '{"metadata": {"annotations": {"name": "no"}, "name": "y\\u00e9s", "uid": 7},' +
        ' "spec": {"kind": "no"}, "kind": "First", "\\u006bind": "Last", "apiVersion": "v1" }\n',
    )
    const object = { apiVersion: 'v1', kind: 'Last', name: 'yés' }
    assert.deepEqual(said, { encoding: 'json', object })
  })

  it('takes no identity from JSON that names no kind, and none at all from no JSON', () => {
    assert.deepEqual(json('{"metadata":{"name":"x"}}'), { encoding: 'json' })
    assert.deepEqual(json('{"apiVersion":1,"kind":"K"}'), { encoding: 'json' })
    for (const text of ['', '[]', '"k8s"', 'kind: Pod', '{not json', '{"a":01}', '{"a":"\\x"}']) {
      assert.deepEqual(json(text), { encoding: 'unknown' }, text)
    }
  })

  it('checks JSON as JSON.parse does, but for what is behind a \\u', () => {
    const mutated = fc.tuple(fc.jsonValue(), fc.nat(), fc.constantFrom(...'{}[]",:\\0e-. t\n'))
    fc.assert(
      fc.property(mutated, ([value, at, letter]) => {
        const sound = JSON.stringify({ apiVersion: 'v1', kind: 'K', value })
        const cut = 1 + (at % sound.length)
        const text = sound.slice(0, cut) + letter + sound.slice(cut)
        fc.pre(!text.includes('\\u'))
        const said = json(text)
        assert.equal('object' in said && !said.damage, isObject(text), text)
      }),
      { numRuns: 3000 },
    )
  })

  it('stops at a nesting that no stack would hold', () => {
    const deep = `{"apiVersion":"v1","kind":"K","a":${'['.repeat(100_000)}`
    const said = json(deep)
    assert.ok(said.encoding === 'json')
    assert.match(said.damage?.reason ?? '', /levels/)
    const cbor = Buffer.concat([Buffer.from('d9d9f7a14161', 'hex'), Buffer.alloc(100_000, 0x81)])
    assert.match((describeValue(cbor) as { damage: { reason: string } }).damage.reason, /levels/)
  })
})

/** Whether Go would see an object with apiVersion and kind. */
function isObject(text: string): boolean {
  try {
    const { apiVersion, kind } = JSON.parse(text)
    return [apiVersion, kind].every((each) => typeof each === 'string' && each !== '')
  } catch {
    return false
  }
}

function namesOf({ name, namespace }: ValueTruth) {
  return { name, namespace }
}

describe('describeValue and decodeValue', () => {
  const prefixes = ['', 'k8s\0', 'k8s:enc:', 'k8s:enc:kms:v2:x:', 'k8s:enc:kms:v1:x:', '{']
  const heads = [...prefixes.map((text) => Buffer.from(text)), Buffer.from('d9d9f7', 'hex')]

  it('throw for no bytes whatever', () => {
    const anything = fc.tuple(fc.constantFrom(...heads), fc.uint8Array({ maxLength: 200 }))
    fc.assert(
      fc.property(anything, ([head, tail]) => {
        const value = Buffer.concat([head, tail])
        describeValue(value)
        decodeValue(value)
      }),
      { numRuns: 20_000 },
    )
  })

  it('throw for no damaged object', () => {
    const byte = fc.record({ at: fc.nat(), value: fc.integer({ min: 0, max: 255 }) })
    const damage = fc.tuple(fc.constantFrom(...values), fc.array(byte, { minLength: 1 }))
    fc.assert(
      fc.property(damage, ([{ bytes }, changes]) => {
        const value = Buffer.from(bytes)
        for (const { at, value: to } of changes) value[at % value.length] = to
        describeValue(value)
        decodeValue(value)
      }),
      { numRuns: 5000 },
    )
  })
})
