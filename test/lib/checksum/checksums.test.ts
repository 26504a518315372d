import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { crc32c } from '../../../src/lib/checksum/crc32c.ts'
import { fnv1a64 } from '../../../src/lib/checksum/fnv1a.ts'
import { Kernel } from '../../../src/lib/wal/kernel.ts'

const ascii = (text: string) => Buffer.from(text)

/** Castagnoli's polynomial bit by bit, as the definition has it. */
function slowCrc(bytes: Uint8Array, seed: number): number {
  let crc = ~seed
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1
  }
  return ~crc >>> 0
}

const kernel = new Kernel()
const buffer = kernel.allocate(4096)

/** The kernel's checksum over bytes at some place of its memory. */
function kernelCrc(bytes: Uint8Array, seed: number, at = 0): number {
  buffer.set(bytes, at)
  const start = buffer.byteOffset + at
  return kernel.exports.crc32c(start, start + bytes.length, seed) >>> 0
}

/** RFC 3720, appendix B.4, and the record of server/storage/wal/record_test.go @ v3.6.14. */
const GOLDEN: readonly [Uint8Array, number][] = [
  [ascii(''), 0],
  [ascii('123456789'), 0xe3069283],
  [new Uint8Array(32), 0x8a9136aa],
  [new Uint8Array(32).fill(0xff), 0x62a8ab43],
  [Uint8Array.from({ length: 32 }, (_, at) => at), 0x46dd794e],
  [Uint8Array.from({ length: 32 }, (_, at) => 31 - at), 0x113fdb5c],
  [Uint8Array.of(0x08, 0xef, 0xfd, 0x02), 0x3a191a99],
]

describe('crc32c', () => {
  it('gives the golden values', () => {
    for (const [bytes, expected] of GOLDEN) {
      assert.equal(crc32c(bytes), expected)
      assert.equal(kernelCrc(bytes, 0), expected)
    }
  })

  it('is the same in the kernel, for any bytes, seed and place', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 200 }),
        fc.nat(0xffffffff),
        fc.nat(17),
        (bytes, seed, at) => {
          const expected = slowCrc(bytes, seed)
          assert.equal(crc32c(bytes, seed), expected)
          assert.equal(kernelCrc(bytes, seed, at), expected)
        },
      ),
      { numRuns: 500 },
    )
  })

  it('goes on from any checksum, as the chain of a WAL does', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.uint8Array(), (one, two) => {
        const both = Buffer.concat([one, two])
        assert.equal(crc32c(two, crc32c(one)), crc32c(both))
        assert.equal(kernelCrc(two, kernelCrc(one, 0)), crc32c(both))
        assert.equal(crc32c(both, 0, one.length), crc32c(two))
        assert.equal(crc32c(both, 0, 0, one.length), crc32c(one))
      }),
    )
  })
})

describe('fnv1a64', () => {
  it('gives the golden values of hash/fnv @ go1.24', () => {
    assert.equal(fnv1a64(ascii('')), 0xcbf29ce484222325n)
    assert.equal(fnv1a64(ascii('a')), 0xaf63dc4c8601ec8cn)
    assert.equal(fnv1a64(ascii('ab')), 0x089c4407b545986an)
    assert.equal(fnv1a64(ascii('abc')), 0xe71fa2190541574bn)
  })
})
