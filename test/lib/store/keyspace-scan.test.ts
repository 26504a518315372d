import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { BoltDb } from '../../../src/lib/bolt/bolt-db.ts'
import type { Bucket } from '../../../src/lib/bolt/bucket.ts'
import { crc32c } from '../../../src/lib/checksum/crc32c.ts'
import { Findings } from '../../../src/lib/findings/findings.ts'
import { MemorySource } from '../../../src/lib/io/source.ts'
import { KeyspaceScan, type ScanOptions } from '../../../src/lib/store/keyspace-scan.ts'
import { encodeRevision } from '../../../src/lib/store/revision.ts'
import { boltFile } from '../../support/bolt-writer.ts'
import { type Change, rowOf } from '../../support/rows-db.ts'

function scan(rows: readonly { key: Uint8Array; value: Uint8Array }[], options: ScanOptions) {
  const findings = new Findings()
  const db = new BoltDb(new MemorySource('db', boltFile('key', rows)), findings)
  const result = new KeyspaceScan(db, db.bucket('key') as Bucket, findings, options)
  result.run()
  return { result, findings }
}

/** The same, one row after another, with a map. Source of the rule: formats of HashKV. */
function naive(changes: readonly Change[], compacted: number, limit: number, rule: string) {
  const newest = new Map<string, Change>()
  const seen = changes.filter(({ main }) => main <= limit)
  for (const change of seen) newest.set(change.key, change)
  const keep = new Set([...newest.values()].filter(({ value }) => value !== undefined))
  let hash = crc32c(Buffer.from('key'))
  for (const change of seen) {
    const isDeletion = change.value === undefined
    if (change.main <= compacted && keep.size > 0 && !keep.has(change)) continue
    if (change.main === compacted && isDeletion && rule === '3.5.16') continue
    const { key, value } = rowOf(change)
    hash = crc32c(value, crc32c(key, hash))
  }
  return {
    live: keep.size,
    records: seen.length,
    tombstones: seen.filter(({ value }) => value === undefined).length,
    hash,
  }
}

const change = fc.record({
  key: fc.oneof(
    fc.constantFrom('a', 'b', 'ab', '/registry/pods/default/web-0', ''),
    // Too long for a copy: only the file has them.
    fc.constantFrom('l'.repeat(5000), `${'l'.repeat(5000)}m`),
    fc.string({ maxLength: 20 }).map((text) => Buffer.from(text).toString('latin1')),
  ),
  value: fc.option(fc.string({ maxLength: 40 }), { nil: undefined }),
  joins: fc.boolean(),
})

/** As a server would number them: several changes in one transaction have the same main revision. */
const history = fc.array(change, { minLength: 1, maxLength: 120 }).map((changes) => {
  let main = 2
  let sub = 0
  return changes.map(({ key, value, joins }, index): Change => {
    if (index > 0 && joins) sub += 1
    else if (index > 0) {
      main += 1
      sub = 0
    }
    const text = value === undefined ? {} : { value: Buffer.from(value).toString('latin1') }
    return { main, sub, key, ...text, createRevision: 2, version: 1 }
  })
})

describe('KeyspaceScan', () => {
  it('counts and hashes any history as a map would, at any revision and compaction', () => {
    fc.assert(
      fc.property(history, fc.nat(), fc.nat(), fc.boolean(), (changes, a, b, copies) => {
        const last = changes.at(-1)?.main as number
        const compacted = a % (last + 1)
        const limit = compacted + (b % (last + 1 - compacted))
        const options = {
          limit,
          ...(compacted > 1 ? { compacted } : {}),
          ...(copies ? {} : { copyBytes: 0 }),
        }
        const { result, findings } = scan(changes.map(rowOf), options)
        const [today, before = today] = result.hashKv(limit)
        const expected = naive(changes, compacted > 1 ? compacted : -1, limit, '3.5.16')
        const { live, records, tombstones } = result
        assert.deepEqual({ live, records, tombstones, hash: today?.hash }, expected)
        const old = naive(changes, compacted > 1 ? compacted : -1, limit, '3.4')
        assert.equal(before?.hash, old.hash)
        assert.deepEqual(findings.list, [])
      }),
      { numRuns: 300 },
    )
  })

  it('finds every key again, whether it was copied or has to be read from the file', () => {
    // More than wait at a time.
    const keys = 300_000
    const changes = Array.from({ length: keys }, (_, index): Change => {
      return { main: index + 2, sub: 0, key: `/registry/pods/${index}`, value: 'v', version: 1 }
    })
    const again = Array.from({ length: 5000 }, (_, index): Change => {
      const key = `/registry/pods/${index * 37}`
      return { main: keys + index + 2, sub: 0, key, ...(index % 2 ? {} : { value: 'w' }) }
    })
    for (const copyBytes of [undefined, 100_000]) {
      const rows = [...changes, ...again].map(rowOf)
      const { result } = scan(rows, copyBytes === undefined ? {} : { copyBytes })
      assert.equal(result.keys, keys)
      assert.equal(result.live, keys - 2500)
      assert.equal(result.tombstones, 2500)
    }
  })

  it('does not compare keys that were chosen to look alike', () => {
    // The highest bit of a word passes a multiplication alone; shifted, it was undone in the next.
    const long = Buffer.alloc(4112, 'x').toString('latin1')
    const keys = Array.from({ length: 64 }, (_, index) => {
      const key = Buffer.from(long, 'latin1')
      for (let bit = 0; bit < 6; bit++) {
        if (!((index >> bit) & 1)) continue
        for (const at of [7, 11, 15]) key.writeUInt8(0x80 ^ 0x78, 16 * bit + at)
      }
      return key
    })
    const rows = keys.map((key, index) => {
      const length = Buffer.from([0x0a, 0x90, 0x20])
      return { key: encodeRevision(index + 2), value: Buffer.concat([length, key]) }
    })
    let reads = 0
    class Counted extends MemorySource {
      override read(at: number, into: Uint8Array): number {
        reads += 1
        return super.read(at, into)
      }
    }
    const db = new BoltDb(new Counted('db', boltFile('key', rows)), new Findings())
    const result = new KeyspaceScan(db, db.bucket('key') as Bucket, new Findings())
    result.run()
    assert.equal(result.keys, keys.length)
    // Keys as long as these are compared in the file.
    assert.ok(reads < 3 * keys.length, `${reads} reads`)
  })

  it('reports a row that is no revision, or does not decode, and counts the others', () => {
    const good = rowOf({ main: 2, sub: 0, key: 'a', value: '1' })
    const rows = [
      good,
      { key: Buffer.alloc(17, 1), value: good.value },
      { key: Buffer.from('0000000000000003ff', 'hex'), value: good.value },
      { ...rowOf({ main: 4, sub: 0, key: 'b', value: '1' }), value: Buffer.from([0x0a, 0x7f]) },
      rowOf({ main: 5, sub: 0, key: 'c' }),
    ].sort((x, y) => Buffer.compare(x.key, y.key))
    const { result, findings } = scan(rows, {})
    assert.deepEqual([result.records, result.live, result.tombstones], [2, 1, 1])
    assert.deepEqual(
      findings.list.map(({ id, page }) => [id, page]),
      [
        ['MVCC_REVISION_INVALID', 2],
        ['MVCC_VALUE_UNDECODABLE', 2],
        ['MVCC_REVISION_INVALID', 2],
      ],
    )
  })
})
