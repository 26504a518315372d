import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import {
  canonical,
  difference,
  hex16,
  int64FromHalves,
  int64FromLong,
  plusOne,
  uint64FromHalves,
  uint64FromHex,
  uint64FromLong,
} from '../../../src/lib/proto/uint64.ts'

const MAX_SAFE = Number.MAX_SAFE_INTEGER
const uint32 = fc.integer({ min: 0, max: 0xffff_ffff })

describe('uint64', () => {
  it('is a number up to 2^53 - 1 and a bigint above', () => {
    assert.equal(uint64FromHalves(0, 0), 0)
    assert.equal(uint64FromHalves(0, -1), 0xffff_ffff)
    assert.equal(uint64FromHalves(0x1f_ffff, 0xffff_ffff), MAX_SAFE)
    assert.equal(uint64FromHalves(0x20_0000, 0), 2n ** 53n)
    assert.equal(uint64FromHalves(-1, -1), 2n ** 64n - 1n)
  })

  it('is signed where the field is', () => {
    assert.equal(int64FromHalves(-1, -1), -1)
    assert.equal(int64FromHalves(-0x20_0000, 1), -MAX_SAFE)
    assert.equal(int64FromHalves(-0x20_0000, 0), -(2n ** 53n))
    assert.equal(int64FromHalves(-0x8000_0000, 0), -(2n ** 63n))
  })

  it('agrees with bigint arithmetic for every pair of halves', () => {
    fc.assert(
      fc.property(uint32, uint32, (high, low) => {
        const exact = (BigInt(high) << 32n) | BigInt(low)
        assert.equal(uint64FromHalves(high, low), canonical(exact))
        assert.equal(int64FromHalves(high, low), canonical(BigInt.asIntN(64, exact)))
      }),
    )
  })

  it('has one form for each value, so that === holds', () => {
    const edge = [0n, 1n, 2n ** 53n - 1n, 2n ** 53n, 2n ** 63n, 2n ** 64n - 1n]
    for (const value of edge) {
      const halves = { high: Number(value >> 32n), low: Number(value & 0xffff_ffffn) }
      assert.equal(uint64FromLong(halves), canonical(value))
    }
    assert.equal(uint64FromLong(7), 7)
    assert.equal(int64FromLong(-7), -7)
  })

  it('writes and reads ids as etcd does', () => {
    assert.equal(hex16(1), '0000000000000001')
    assert.equal(hex16(0xc0b28d4c7156995fn), 'c0b28d4c7156995f')
    assert.equal(hex16(-1), 'ffffffffffffffff')
    assert.equal(hex16(-(2n ** 63n)), '8000000000000000')
    assert.equal(uint64FromHex('c0b28d4c7156995f'), 0xc0b28d4c7156995fn)
    assert.equal(uint64FromHex('2A'), 42)
    for (const text of ['', '0x1', '12345678901234567', 'g', ' 1']) {
      assert.equal(uint64FromHex(text), undefined)
    }
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), (value) => {
        assert.equal(uint64FromHex(hex16(canonical(value))), canonical(value))
      }),
    )
  })

  it('counts and subtracts across the edge of safe integers', () => {
    assert.equal(plusOne(0), 1)
    assert.equal(plusOne(MAX_SAFE), 2n ** 53n)
    assert.equal(plusOne(2n ** 64n - 1n), 2n ** 64n)
    assert.equal(difference(5, 7), -2)
    assert.equal(difference(2n ** 53n, 1), MAX_SAFE)
    assert.equal(difference(0, 2n ** 64n - 1n), -(2n ** 64n - 1n))
  })
})
