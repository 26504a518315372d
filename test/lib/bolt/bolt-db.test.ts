import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { BoltDb } from '../../../src/lib/bolt/bolt-db.ts'
import { checkFreelist } from '../../../src/lib/bolt/freelist.ts'
import { depthOf } from '../../../src/lib/bolt/page-path.ts'
import { Findings } from '../../../src/lib/findings/findings.ts'
import { FileSource } from '../../../src/lib/io/file-source.ts'
import { MemorySource } from '../../../src/lib/io/source.ts'
import { nameKey } from '../../../src/lib/store/revision.ts'
import { DbPages } from '../../hostile/db-pages.ts'
import { bucketsFile } from '../../support/bolt-writer.ts'
import { fixtureFile } from '../../support/fixtures.ts'
import { tempDir } from '../../support/temp-dir.ts'

/** Its key bucket is a branch page with several leaves. */
const real = fixtureFile('3.5.30', 'keyspace', 'backup-written.db')

interface Reading {
  db: BoltDb
  findings: Findings
  /** Keys of the key bucket, in hex. */
  keys: string[]
  freePages: number
  /** `ID page` of each finding. */
  found: string[]
}

/** A row is good until the next one is read. */
function keysOf(db: BoltDb, from?: Uint8Array): string[] {
  const keys: string[] = []
  for (const { key } of db.rows('key', from)) keys.push(Buffer.from(key).toString('hex'))
  return keys
}

/** Goes over everything, as `inspect` does. */
function read(bytes: Uint8Array): Reading {
  const findings = new Findings()
  const db = new BoltDb(new MemorySource('db', bytes), findings, { nameKey })
  const marks = db.newMarks()
  for (const bucket of db.buckets) for (const _leaf of db.leaves(bucket, marks));
  const keys = keysOf(db)
  const { count: freePages } = checkFreelist(db, marks)
  const found = findings.list.map(({ id, page }) => `${id} ${page}`)
  return { db, findings, keys, freePages, found }
}

const intact = read(real)
const pages = new DbPages(real)
const keyRoot = Number(intact.db.bucket('key')?.root)
const leaves = Array.from(
  { length: pages.count(keyRoot) },
  (_, index) => pages.branchElement(keyRoot, index).child,
)
const [first, second, third] = leaves as [number, number, number]

function damaged(damage: (db: DbPages) => void): Reading {
  const db = new DbPages(real)
  damage(db)
  return read(db.bytes)
}

describe('BoltDb', () => {
  it('reads every bucket and key of a real db in order, and finds nothing wrong', () => {
    assert.deepEqual(intact.found, [])
    assert.equal(
      intact.db.buckets.map(({ name }) => name).join(' '),
      'alarm auth authRoles authUsers cluster key lease members members_removed meta',
    )
    assert.ok(leaves.length > 3)
    assert.deepEqual(intact.keys, [...intact.keys].sort())
    assert.equal(intact.freePages, pages.free().length)
  })

  it('begins at any key, or at the next one', () => {
    for (const [at, key] of intact.keys.entries()) {
      const from = (hex: string): string[] => keysOf(intact.db, Buffer.from(hex, 'hex'))
      assert.deepEqual(from(key), intact.keys.slice(at))
      assert.deepEqual(from(`${key}00`), intact.keys.slice(at + 1))
    }
  })

  it('takes pages that no file has for missing, in a file as in memory', () => {
    const far = 2n ** 55n
    const db = new DbPages(real)
    db.setMeta('root', far).setMeta('highWaterMark', far * 2n)
    const path = join(tempDir(), 'db')
    writeFileSync(path, db.bytes)
    for (const source of [new MemorySource(path, db.bytes), new FileSource(path)]) {
      const findings = new Findings()
      const { buckets } = new BoltDb(source, findings)
      assert.deepEqual(buckets, [])
      assert.equal(findings.counts.get('DB_PAGE_UNREADABLE'), 1)
      assert.equal(findings.counts.get('DB_PAGE_ID'), undefined)
      source.close()
    }
  })

  it('tells the depth of a tree whose first page refers to one that no file has', () => {
    const bytes = Buffer.from(real)
    bytes[pages.branchElement(keyRoot, 0).at + 8 + 7] = 0x10
    const path = join(tempDir(), 'db')
    writeFileSync(path, bytes)
    const source = new FileSource(path)
    const db = new BoltDb(source, new Findings())
    assert.ok(depthOf(db, keyRoot) > 0)
    source.close()
  })

  it('reports what is wrong with a page once, however often it is read', () => {
    const { db, findings } = damaged((each) => each.bytes.writeUInt16LE(0x10, each.at(first) + 8))
    assert.equal(findings.counts.get('DB_PAGE_TYPE'), 1)
    for (const _row of db.rows('key'));
    assert.equal(findings.counts.get('DB_PAGE_TYPE'), 1)
  })

  it('says which revisions are behind a page, and where it is', () => {
    const { findings, keys } = damaged((db) => db.bytes.writeUInt16LE(0x10, db.at(second) + 8))
    const [finding] = findings.list
    assert.equal(finding?.offset, second * 4096)
    assert.match(String(finding?.message), /bucket key, revision \d+(\.\d+)? to below revision \d+/)
    assert.match(String(finding?.message), new RegExp(`root: ${keyRoot} → ${second}$`))
    assert.equal(typeof finding?.revision, 'number')
    assert.equal(finding?.found, 'flags 16')
    const lost = intact.keys.filter((key) => !keys.includes(key))
    assert.equal(lost.length, pages.count(second))
  })

  const wrong: [string, (db: DbPages) => void, string][] = [
    [
      'a page that calls itself another one',
      (db) => db.bytes.writeUInt32LE(3, db.at(second)),
      `DB_PAGE_ID ${second}`,
    ],
    [
      'a child behind the last page',
      (db) => db.bytes.writeUInt32LE(70_000, db.branchElement(keyRoot, 1).at + 8),
      `DB_PAGE_OUT_OF_BOUNDS ${keyRoot}`,
    ],
    [
      'a child id above 2^53',
      (db) => db.bytes.writeBigUInt64LE(2n ** 64n - 1n, db.branchElement(keyRoot, 1).at + 8),
      `DB_PAGE_OUT_OF_BOUNDS ${keyRoot}`,
    ],
    [
      'a child that is a meta page',
      (db) => db.bytes.writeUInt32LE(1, db.branchElement(keyRoot, 1).at + 8),
      `DB_PAGE_OUT_OF_BOUNDS ${keyRoot}`,
    ],
    [
      'two references to one page',
      (db) => db.bytes.writeUInt32LE(first, db.branchElement(keyRoot, 1).at + 8),
      `DB_PAGE_SHARED ${first}`,
    ],
    [
      'a branch page that refers to itself',
      (db) => db.bytes.writeUInt32LE(keyRoot, db.branchElement(keyRoot, 1).at + 8),
      `DB_PAGE_SHARED ${keyRoot}`,
    ],
    [
      'overflow behind the last page',
      (db) => db.bytes.writeUInt32LE(db.highWaterMark, db.at(third) + 12),
      `DB_PAGE_OUT_OF_BOUNDS ${third}`,
    ],
    [
      'an element that points out of its page',
      (db) => db.bytes.writeUInt32LE(100_000, db.leafElement(second, 0).at + 4),
      `DB_ELEMENT_OUTSIDE ${second}`,
    ],
    [
      'a length that wraps around 32 bits',
      (db) => db.bytes.writeUInt32LE(0xffff_fff0, db.leafElement(second, 0).at + 12),
      `DB_ELEMENT_OUTSIDE ${second}`,
    ],
    [
      'an element with an empty key',
      (db) => db.bytes.writeUInt32LE(0, db.leafElement(second, 0).at + 8),
      `DB_KEY_EMPTY ${second}`,
    ],
    [
      'an element with unknown flags',
      (db) => db.bytes.writeUInt32LE(2, db.leafElement(second, 0).at),
      `DB_ELEMENT_FLAGS ${second}`,
    ],
    [
      'a bucket in a bucket',
      (db) => db.bytes.writeUInt32LE(1, db.leafElement(second, 0).at),
      `DB_BUCKET_INVALID ${second}`,
    ],
    [
      'a root bucket that is none',
      (db) => db.bytes.writeUInt32LE(0, db.bucketElement('lease')),
      'DB_BUCKET_INVALID',
    ],
    [
      'a bucket with an impossible root',
      (db) => {
        const at = db.bucketElement('key')
        const value = at + db.bytes.readUInt32LE(at + 4) + db.bytes.readUInt32LE(at + 8)
        db.bytes.writeUInt32LE(999_999, value)
      },
      'DB_PAGE_OUT_OF_BOUNDS 999999',
    ],
  ]
  for (const [what, damage, expected] of wrong) {
    it(`finds ${what}`, () => {
      const { found } = damaged(damage)
      assert.equal(found.length, 1, found.join(', '))
      assert.ok(found[0]?.startsWith(expected), found[0])
    })
  }

  it('finds keys out of order on a page, and on the wrong page', () => {
    const swapped = damaged((db) => {
      const { key, keyBytes } = db.leafElement(second, 0)
      db.bytes.fill(0xff, key, key + keyBytes - 9)
    })
    assert.ok(swapped.found.every((each) => each === `DB_KEY_ORDER ${second}`))
    assert.ok(swapped.found.length > 0)
    const foreign = damaged((db) => {
      const { key } = db.leafElement(second, 0)
      db.bytes.fill(0, key, key + 8)
    })
    assert.deepEqual(foreign.found, [`DB_KEY_ORDER ${second}`])
    assert.match(String(foreign.findings.list[0]?.expected), /at least revision/)
    assert.equal(foreign.keys.length, intact.keys.length)
  })

  it('finds pages that were swapped, ids and all', () => {
    const { found } = damaged((db) => {
      const copy = Buffer.from(db.bytes.subarray(db.at(first), db.at(first + 1)))
      db.bytes.copy(db.bytes, db.at(first), db.at(third), db.at(third + 1))
      copy.copy(db.bytes, db.at(third))
      db.bytes.writeUInt32LE(first, db.at(first))
      db.bytes.writeUInt32LE(third, db.at(third))
    })
    assert.deepEqual([...new Set(found)], [`DB_KEY_ORDER ${first}`, `DB_KEY_ORDER ${third}`])
  })

  it('takes no more elements than a page has room for', () => {
    for (const count of [pages.count(second) + 1, 60_000]) {
      const { found, keys } = damaged((db) => db.bytes.writeUInt16LE(count, db.at(second) + 10))
      assert.deepEqual(found, [`DB_ELEMENT_OUTSIDE ${second}`])
      assert.deepEqual(keys, intact.keys)
    }
  })

  it('finds pages that have fewer elements than they were written with', () => {
    for (const page of [first, second, third, keyRoot]) {
      const { found, findings } = damaged((db) => {
        db.bytes.writeUInt16LE(db.count(page) - 1, db.at(page) + 10)
      })
      assert.deepEqual(found, [`DB_ELEMENT_MISSING ${page}`])
      const [{ expected, found: count } = {}] = findings.list
      assert.deepEqual(
        [Number(expected), Number(count)],
        [pages.count(page), pages.count(page) - 1],
      )
    }
  })

  it('reads pages whose key in the parent page is damaged', () => {
    for (const index of [0, 1, leaves.length - 1]) {
      const { found, keys } = damaged((db) => {
        db.bytes.writeUInt32LE(100_000, db.branchElement(keyRoot, index).at)
      })
      assert.deepEqual(found, [`DB_ELEMENT_OUTSIDE ${keyRoot}`])
      assert.deepEqual(keys, intact.keys)
    }
  })

  it('finds elements that overlap, and reads no more of them than a page can hold', () => {
    const last = pages.count(third) - 1
    const { found, keys } = damaged((db) => {
      const { at, value, valueBytes } = db.leafElement(third, 0)
      db.bytes.writeUInt32LE(db.at(third + 1) - value, at + 12)
      assert.ok(valueBytes > 0)
    })
    assert.deepEqual(found, [`DB_ELEMENT_OUTSIDE ${third}`])
    assert.deepEqual(keys, intact.keys)
    const all = damaged((db) => {
      for (let index = 0; index <= last; index++) {
        const { at, value } = db.leafElement(third, index)
        db.bytes.writeUInt32LE(db.at(third + 1) - value, at + 12)
      }
    })
    assert.ok(all.found.every((each) => each === `DB_ELEMENT_OUTSIDE ${third}`))
    assert.equal(all.found.length, last)
    assert.ok(all.keys.length < intact.keys.length, 'reads all of them')
  })

  it('says so when there are more buckets than it reads', () => {
    const names = Array.from({ length: 300 }, (_, index) => `bucket ${1000 + index}`)
    const { db, found } = read(bucketsFile(names))
    assert.equal(db.buckets.length, 250)
    assert.deepEqual(found, ['DB_BUCKET_INVALID 2'])
  })

  it('says which page of a cut file is missing', () => {
    const root = Number(intact.db.meta?.root)
    const { found, keys } = read(real.subarray(0, root * 4096 + 100))
    assert.deepEqual(found, ['DB_TRUNCATED undefined', `DB_PAGE_UNREADABLE ${root}`])
    assert.deepEqual(keys, [])
  })

  it('has no buckets when no meta page is valid', () => {
    const { db } = damaged((each) => each.bytes.fill(0, 0, 2 * 4096))
    assert.equal(db.meta, undefined)
    assert.deepEqual(db.buckets, [])
  })
})

describe('checkFreelist', () => {
  const [home, ...free] = pages.free() as [number, ...number[]]

  it('agrees with a freelist that has every free page', () => {
    const { found, freePages } = damaged((db) => db.writeFreelist(home, free))
    assert.deepEqual(found, [])
    assert.equal(freePages, free.length)
  })

  const wrong: [string, readonly number[], string[]][] = [
    ['a page in use', [...free, second].sort((a, b) => a - b), [`DB_PAGE_FREED ${second}`]],
    ['a page that is missing', free.slice(1), [`DB_PAGE_LEAKED ${free[0]}`]],
    ['a page twice', [free[0] as number, ...free], [`DB_FREELIST_INVALID ${home}`]],
    ['a page that does not exist', [...free, 9999], [`DB_FREELIST_INVALID ${home}`]],
    ['a meta page', [1, ...free], [`DB_FREELIST_INVALID ${home}`]],
  ]
  for (const [what, ids, expected] of wrong) {
    it(`finds ${what}`, () => {
      assert.deepEqual(damaged((db) => db.writeFreelist(home, ids)).found, expected)
    })
  }

  it('finds a freelist that is none, is in use, or claims more than it has room for', () => {
    assert.deepEqual(damaged((db) => db.setMeta('freelist', 9999)).found, [
      'DB_FREELIST_INVALID 9999',
    ])
    assert.deepEqual(damaged((db) => db.setMeta('freelist', second)).found, [
      `DB_FREELIST_INVALID ${second}`,
    ])
    const tooLong = damaged((db) => {
      db.writeFreelist(home, free)
      db.bytes.writeUInt16LE(5000, db.at(home) + 10)
    })
    assert.deepEqual(tooLong.found, [`DB_FREELIST_INVALID ${home}`])
    const tooLongByFar = damaged((db) => {
      db.writeFreelist(home, free)
      db.bytes.writeUInt16LE(0xffff, db.at(home) + 10)
      db.bytes.writeBigUInt64LE(2n ** 63n, db.at(home) + 16)
    })
    assert.deepEqual(tooLongByFar.found, [`DB_FREELIST_INVALID ${home}`])
  })
})
