/** The kernel's readers against the generated protobuf code, which shares nothing with them. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import protobuf from 'protobufjs/minimal.js'
import { MemorySource } from '../../../src/lib/io/source.ts'
import { Cursor } from '../../../src/lib/proto/cursor.ts'
import { decode, type MessageType } from '../../../src/lib/proto/decode.ts'
import { raftpb, walpb } from '../../../src/lib/proto/generated/etcd.js'
import { uint64FromLong } from '../../../src/lib/proto/uint64.ts'
import { FrameReader } from '../../../src/lib/wal/frame-reader.ts'
import { readHardState } from '../../../src/lib/wal/hard-state.ts'
import { decodePayload } from '../../../src/lib/wal/payload.ts'
import { fixtureSegments } from '../../support/fixtures.ts'
import { frameOf, framesOf, recordOf, TYPE } from '../../support/wal-bytes.ts'

const uint64 = fc.oneof(
  fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
  fc.constantFrom(0n, 127n, 128n, 2n ** 32n - 1n, 2n ** 32n, 2n ** 53n, 2n ** 63n, 2n ** 64n - 1n),
)

const varintOf = (value: bigint): Uint8Array => {
  const bytes: number[] = []
  let rest = value
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128)
  return Uint8Array.from([...bytes, Number(rest)])
}

const tagOf = (field: number, wire: number) => varintOf(BigInt(field * 8 + wire))

/** One field with its content: any wire type, whatever the message says. */
const anyField = (numbers: readonly number[]) =>
  fc
    .tuple(
      fc.constantFrom(...numbers),
      fc.oneof(
        fc.tuple(fc.constant(0), uint64.map(varintOf)),
        fc.tuple(fc.constant(1), fc.uint8Array({ minLength: 8, maxLength: 8 })),
        fc.tuple(
          fc.constant(2),
          fc
            .uint8Array({ maxLength: 40 })
            .map((bytes) => Buffer.concat([varintOf(BigInt(bytes.length)), bytes])),
        ),
        fc.tuple(fc.constant(5), fc.uint8Array({ minLength: 4, maxLength: 4 })),
      ),
    )
    .map(([field, [wire, content]]) => Buffer.concat([tagOf(field, wire), content]))

/** Fields as the message has them, with unknown ones between, in any order, some again and again. */
const messageOf = (varints: readonly number[], bytes: number, unknown: readonly number[]) =>
  fc
    .array(
      fc.oneof(
        fc
          .tuple(fc.constantFrom(...varints), uint64)
          .map(([field, value]) => Buffer.concat([tagOf(field, 0), varintOf(value)])),
        fc
          .uint8Array({ maxLength: 300 })
          .map((data) => Buffer.concat([tagOf(bytes, 2), varintOf(BigInt(data.length)), data])),
        anyField(unknown),
      ),
      { maxLength: 8 },
    )
    .map((fields) => Buffer.concat(fields))

/** Whole messages, messages of any wire types, cut ones, and bytes of no kind. */
const bytesOf = (varints: readonly number[], bytes: number) => {
  const known = [...varints, bytes]
  const unknown = [known.length + 1, 15, 16, 2000, 2 ** 29 - 1]
  const whole = messageOf(varints, bytes, unknown)
  return fc.oneof(
    { weight: 4, arbitrary: whole },
    {
      weight: 2,
      arbitrary: fc.array(anyField([...known, ...unknown])).map((all) => Buffer.concat(all)),
    },
    {
      weight: 2,
      arbitrary: fc
        .tuple(whole, fc.nat(400))
        .map(([all, length]) => all.subarray(0, Math.min(length, all.length))),
    },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 20 }).map((each) => Buffer.from(each)) },
  )
}

function readerOf(record: Uint8Array): FrameReader {
  return new FrameReader(new MemorySource('wal', frameOf(record)))
}

/** A real entry's payload as the reader hands it out. */
const sliceOf = ({ bytes }: FrameReader, start: number, end: number) =>
  Buffer.from(bytes.slice(start, end)).toString('hex')

function check<T extends object>(
  type: MessageType<T>,
  arbitrary: fc.Arbitrary<Uint8Array>,
  compare: (bytes: Uint8Array, expected: T | undefined) => void,
): void {
  let good = 0
  const runs = 1500
  fc.assert(
    fc.property(arbitrary, (bytes) => {
      const decoded = decode(type, Uint8Array.from(bytes))
      // Tags of more than 32 bits: Go drops the bits above, Google's decoder refuses them.
      if (!decoded.ok && decoded.reason === 'invalid tag encoding') return
      if (decoded.ok) good += 1
      compare(bytes, decoded.ok ? decoded.message : undefined)
    }),
    { numRuns: runs },
  )
  // Neither side of the comparison may be empty.
  assert.ok(good > runs / 5 && good < (runs * 9) / 10, `${good} of ${runs}`)
}

describe('the kernel', () => {
  it('reads records as the generated code does, and refuses the same ones', () => {
    check(walpb.Record, bytesOf([1, 2], 3), (bytes, expected) => {
      // A length of zero and no padding is the end of the log.
      if (bytes.length === 0) return
      const reader = readerOf(bytes)
      assert.equal(reader.read(), expected ? 'record' : 'undecodable')
      if (!expected) return
      const type = uint64FromLong(expected.type)
      assert.equal(reader.type, type > 0x7fff_ffff ? -1 : type)
      assert.equal(reader.crc, expected.crc)
      const data = Buffer.from(expected.data).toString('hex')
      assert.equal(sliceOf(reader, reader.dataStart, reader.dataEnd), data)
    })
  })

  it('reads entries as the generated code does, and refuses the same ones', () => {
    check(raftpb.Entry, bytesOf([1, 2, 3], 4), (bytes, expected) => {
      const reader = readerOf(recordOf(TYPE.entry, 0, bytes))
      assert.equal(reader.read(), 'record')
      assert.equal(reader.readEntry(), expected !== undefined)
      if (!expected) return
      const { type, term, index, dataStart, dataEnd } = reader.entry
      assert.equal(term, uint64FromLong(expected.Term))
      assert.equal(index, uint64FromLong(expected.Index))
      // An enum has 32 bits for the generated code, and for Go.
      assert.equal(BigInt.asIntN(32, BigInt(type)), BigInt(expected.Type))
      assert.equal(sliceOf(reader, dataStart, dataEnd), Buffer.from(expected.Data).toString('hex'))
    })
  })

  it('has a zero for what is absent, whatever was read before', () => {
    const reader = new FrameReader(
      new MemorySource(
        'wal',
        Buffer.concat([
          frameOf(
            recordOf(TYPE.entry, 7, Buffer.from('08011002180322 0161'.replace(' ', ''), 'hex')),
          ),
          frameOf(Buffer.from('0802', 'hex')),
        ]),
      ),
    )
    reader.read()
    assert.ok(reader.readEntry())
    assert.deepEqual([reader.entry.term, reader.entry.index], [2, 3])
    reader.read()
    assert.deepEqual([reader.crc, reader.dataEnd - reader.dataStart], [0, 0])
    assert.ok(reader.readEntry())
    const { type, term, index, dataStart, dataEnd } = reader.entry
    assert.deepEqual([type, term, index, dataEnd - dataStart], [0, 0, 0, 0])
  })

  it('knows the request in the entries of real servers', () => {
    let requests = 0
    for (const version of ['3.3.25', '3.4.23', '3.5.30', '3.6.14', '3.7.1']) {
      for (const { bytes } of fixtureSegments(version, 'cluster', 'm1')) {
        const reader = new FrameReader(new MemorySource('wal', bytes))
        for (const { offset, type, data } of framesOf(bytes)) {
          if (type !== TYPE.entry) continue
          reader.readAt(offset)
          reader.readEntry()
          const { Type, Data } = raftpb.Entry.decode(data)
          if (Type !== 0) continue
          const payload = decodePayload(0, Data)
          const field = reader.requestField()
          if (payload.kind === 'noop') assert.equal(field, 0)
          else if (payload.kind === 'request') {
            requests += 1
            assert.deepEqual(fieldsOf(Data).filter(isRequest), [field])
          } else assert.equal(field, -1)
        }
      }
    }
    assert.ok(requests > 300)
  })
})

describe('readHardState', () => {
  it('reads what the generated code does, and refuses the same', () => {
    check(raftpb.HardState, bytesOf([1, 2, 3], 9), (bytes, expected) => {
      const cursor = new Cursor()
      const larger = Buffer.concat([Uint8Array.of(0xff), bytes, Uint8Array.of(0xff)])
      cursor.reset(larger, 1, larger.length - 1)
      assert.deepEqual(
        readHardState(cursor),
        expected && {
          term: uint64FromLong(expected.term),
          vote: uint64FromLong(expected.vote),
          commit: uint64FromLong(expected.commit),
        },
      )
    })
  })
})

const HEADER = 100

function isRequest(field: number): boolean {
  return field > 1 && field !== HEADER
}

/** The field numbers of a message, in order. */
function fieldsOf(bytes: Uint8Array): number[] {
  const reader = protobuf.Reader.create(bytes)
  const fields: number[] = []
  while (reader.pos < reader.len) {
    const tag = reader.uint32()
    fields.push(tag >>> 3)
    reader.skipType(tag & 7)
  }
  return fields
}
