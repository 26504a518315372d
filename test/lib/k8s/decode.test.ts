import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { decodeValue } from '../../../src/lib/k8s/decode.ts'
import { describeValue } from '../../../src/lib/k8s/value.ts'
import { values } from './operations.ts'

/** Kinds of the samples whose field 1 is something else. */
const WITHOUT_METADATA = ['PodList', 'Status', 'DeleteOptions']

const ofEncoding = (...encodings: string[]) =>
  values.filter(({ truth }) => encodings.includes(truth.encoding))

function decodeProtobuf(bytes: Uint8Array) {
  const decoded = decodeValue(bytes)
  assert.ok(decoded.encoding === 'protobuf')
  return decoded
}

/** A protobuf object called `name`. */
function named(name: string) {
  const found = values.find(({ truth }) => truth.encoding === 'protobuf' && truth.name === name)
  assert.ok(found)
  return found
}

describe('decodeValue', () => {
  for (const { title, bytes, truth } of ofEncoding('protobuf')) {
    it(`gives the metadata of ${title} as Kubernetes does`, () => {
      const decoded = decodeProtobuf(bytes)
      assert.equal(decoded.damage, undefined)
      assert.equal(decoded.kind, truth.kind)
      if (WITHOUT_METADATA.includes(truth.kind ?? '') || decoded.contentType) {
        assert.equal(decoded.metadata, undefined)
        return
      }
      const { metadata } = truth.object as { metadata?: object }
      assert.deepEqual(decoded.metadata, metadata ?? {})
    })
  }

  it('has metadata with every field among them', () => {
    const { metadata } = decodeProtobuf(named('web-1').bytes)
    assert.deepEqual(Object.keys(metadata ?? {}).sort(), [
      'annotations',
      'creationTimestamp',
      'deletionGracePeriodSeconds',
      'deletionTimestamp',
      'finalizers',
      'generateName',
      'generation',
      'labels',
      'managedFields',
      'name',
      'namespace',
      'ownerReferences',
      'uid',
    ])
  })

  for (const { title, bytes, truth } of ofEncoding('json', 'cbor')) {
    it(`gives ${title} whole`, () => {
      assert.deepEqual(decodeValue(bytes), { encoding: truth.encoding, object: truth.object })
    })
  }

  it('gives the rest of an object by number', () => {
    // A PriorityClass: value is field 2, globalDefault 3, description 4.
    const { fields } = decodeProtobuf(named('high').bytes)
    assert.deepEqual(fields, [
      { field: 2, varint: 1000 },
      { field: 3, varint: 0 },
      { field: 4, text: '' },
    ])
  })

  it('finds strings and messages in the rest, and leaves bytes bytes', () => {
    const service = JSON.stringify(decodeProtobuf(named('kubernetes').bytes).fields)
    assert.match(service, /\{"field":3,"text":"10\.96\.0\.1"\}/)
    const token = decodeProtobuf(named('plain').bytes).fields.find(({ field }) => field === 2)
    assert.deepEqual(token, {
      field: 2,
      fields: [
        { field: 1, text: 'token' },
        { field: 2, bytes: Buffer.from([0, 1, 2, 0xff]) },
      ],
    })
  })

  it('shows field 1 by number where it is no ObjectMeta', () => {
    const list = values.find(({ truth }) => truth.kind === 'PodList')
    const { fields } = decodeProtobuf(list?.bytes as Uint8Array)
    assert.deepEqual(fields[0], {
      field: 1,
      fields: [
        { field: 1, text: '' },
        { field: 2, text: '12' },
        { field: 3, text: 'abc' },
        { field: 4, varint: 8 },
      ],
    })
  })

  it('says where a cut object ends, and gives what is in front', () => {
    const { bytes } = named('web-1')
    const decoded = decodeProtobuf(bytes.subarray(0, bytes.length - 10))
    assert.deepEqual((decoded.metadata as { name: string }).name, 'web-1')
    assert.ok(decoded.damage && decoded.damage.at < bytes.length)
    for (const value of ofEncoding('json', 'cbor')) {
      const cut = value.bytes.subarray(0, value.bytes.length - 3)
      assert.ok('damage' in decodeValue(cut), value.title)
    }
  })

  it('gives of a ciphertext what describeValue does', () => {
    for (const { bytes } of ofEncoding('encrypted')) {
      assert.deepEqual(decodeValue(bytes), describeValue(bytes))
    }
  })

  it('says of text that is no JSON where it stops being any', () => {
    const decoded = decodeValue(Buffer.from('{"a": 1, b}'))
    assert.ok(decoded.encoding === 'json' && 'damage' in decoded)
    assert.equal(decoded.damage?.at, 9)
  })

  it('keeps integers of 64 bits', () => {
    const cbor = Buffer.from(
      'd9d9f7a24161 1bffffffffffffffff 4162 3bffffffffffffffff'.replaceAll(' ', ''),
      'hex',
    )
    const decoded = decodeValue(cbor)
    assert.deepEqual(decoded, { encoding: 'cbor', object: { a: 2n ** 64n - 1n, b: -(2n ** 64n) } })
  })

  it('reads floats of every width, base64 below its tag, and simple values', () => {
    const items = [
      'f93800',
      'fa40490fdb',
      'fb3ff199999999999a',
      'd6430001ff',
      'f4',
      'f5',
      'f6',
      '20',
    ]
    const cbor = Buffer.from(`d9d9f7a1416188${items.join('')}`, 'hex')
    const pi = Math.fround(Math.PI)
    assert.deepEqual(decodeValue(cbor), {
      encoding: 'cbor',
      object: { a: [0.5, pi, 1.1, 'AAH/', false, true, null, -1] },
    })
    for (const item of ['f97e00', 'f97c00', 'f7', '41ff']) {
      const refused = decodeValue(Buffer.from(`d9d9f7a14161${item}`, 'hex'))
      assert.ok('damage' in refused, item)
    }
  })

  it('ends in time and memory for messages within messages, and for millions of fields', () => {
    const deep = envelope(nest(20_000))
    const many = envelope(Buffer.alloc(2_000_000, Buffer.from([0x10, 0x01])))
    const started = performance.now()
    assert.ok(decodeProtobuf(deep).fields.length === 1)
    assert.match(decodeProtobuf(many).damage?.reason ?? '', /fields/)
    assert.ok(performance.now() - started < 5000)
  })
})

/** A runtime.Unknown with this object and no kind. */
function envelope(raw: Buffer): Buffer {
  return Buffer.concat([Buffer.from('k8s\0\x0a\0\x12', 'latin1'), lengthOf(raw), raw])
}

function lengthOf({ length }: Buffer): Buffer {
  const groups: number[] = []
  for (let rest = length; rest > 0 || groups.length === 0; rest = Math.floor(rest / 128)) {
    groups.push((rest % 128) + (rest >= 128 ? 128 : 0))
  }
  return Buffer.from(groups)
}

/** Field 2 in field 2 in field 2, around a byte that is no text. */
function nest(levels: number): Buffer {
  let content = Buffer.from([0x10, 0x00])
  for (let i = 0; i < levels; i++) {
    content = Buffer.concat([Buffer.from([0x12]), lengthOf(content), content])
  }
  return content
}
