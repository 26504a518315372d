import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { decodeMetaPage, hasMagic, META_PAGE_BYTES } from '../../../src/lib/bolt/meta.ts'

/** Page 0 of a db that etcd 3.5.30 wrote on Linux. */
const GOLDEN = Buffer.from(
  '00000000000000000400000000000000' + // id, flags: meta, count, overflow
    'edda0ced020000000010000000000000' + // magic, version, page size, flags
    '04000000000000000000000000000000' + // root page, sequence
    'ffffffffffffffff0800000000000000' + // no freelist, high-water mark
    '2200000000000000ad6cda0bd9d3044d', // txid, checksum
  'hex',
)

/** The same with other bytes, and a checksum that is right again. */
function changed(at: number, value: bigint | number): Buffer {
  const page = Buffer.from(GOLDEN)
  if (typeof value === 'bigint') page.writeBigUInt64LE(value, at)
  else page.writeUInt32LE(value, at)
  page.writeBigUInt64LE(decodeMetaPage(page).checksum.computed, 72)
  return page
}

describe('decodeMetaPage', () => {
  it('reads the meta page of a real db', () => {
    assert.equal(GOLDEN.length, META_PAGE_BYTES)
    assert.deepEqual(decodeMetaPage(GOLDEN), {
      meta: { pageSize: 4096, root: 4, highWaterMark: 8, txid: 34 },
      checksum: { stored: 0x4d04d3d90bda6cadn, computed: 0x4d04d3d90bda6cadn },
    })
  })

  it('reads every field at its place, with all its bits', () => {
    const big = 0xfedc_ba98_7654_3210n
    const cases: [number, bigint | number, object][] = [
      [24, 65536, { pageSize: 65536 }],
      [24, 1 << 24, { pageSize: 1 << 24 }],
      [32, big, { root: big }],
      [48, 3n, { freelist: 3 }],
      [48, big, { freelist: big }],
      [56, big, { highWaterMark: big }],
      [64, 2n ** 53n, { txid: 2n ** 53n }],
      [64, 2n ** 53n - 1n, { txid: 2 ** 53 - 1 }],
    ]
    const plain = decodeMetaPage(GOLDEN).meta
    for (const [at, value, expected] of cases) {
      const { meta, fault } = decodeMetaPage(changed(at, value))
      assert.equal(fault, undefined)
      assert.deepEqual(meta, { ...plain, ...expected })
    }
  })

  it('finds any bit that flips, and says what bbolt would', () => {
    for (let bit = 16 * 8; bit < META_PAGE_BYTES * 8; bit++) {
      const page = Buffer.from(GOLDEN)
      const at = bit >> 3
      page.writeUInt8(page.readUInt8(at) ^ (1 << (bit & 7)), at)
      const fault = at < 20 ? 'invalid database' : at < 24 ? 'version mismatch' : 'checksum error'
      assert.equal(decodeMetaPage(page).fault, fault, `bit ${bit}`)
    }
  })

  it('takes no page size that nobody has', () => {
    for (const pageSize of [0, 1, 512, 4095, 1 << 25, 0xffff_ffff]) {
      assert.equal(decodeMetaPage(changed(24, pageSize)).fault, 'impossible page size')
    }
  })

  it('does not judge the page header, which no checksum covers', () => {
    for (let at = 0; at < 16; at++) {
      const page = Buffer.from(GOLDEN)
      page.writeUInt8(page.readUInt8(at) ^ 0xff, at)
      assert.equal(decodeMetaPage(page).fault, undefined)
    }
  })

  it('reads a page that lies somewhere in a larger buffer', () => {
    const larger = Buffer.concat([Buffer.alloc(7, 0xff), GOLDEN, Buffer.alloc(7, 0xff)])
    const page = larger.subarray(7, 7 + META_PAGE_BYTES)
    assert.deepEqual(decodeMetaPage(page), decodeMetaPage(GOLDEN))
    assert.ok(hasMagic(page))
  })
})

describe('hasMagic', () => {
  it('asks for the magic, and for nothing else', () => {
    assert.ok(hasMagic(GOLDEN))
    const damaged = Buffer.from(GOLDEN).fill(0xff, 20)
    assert.ok(hasMagic(damaged))
    damaged.writeUInt8(0, 16)
    assert.ok(!hasMagic(damaged))
    assert.ok(!hasMagic(GOLDEN.subarray(0, META_PAGE_BYTES - 1)))
    assert.ok(!hasMagic(new Uint8Array()))
  })
})
