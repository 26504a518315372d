/**
 * Small dbs, with and without a freelist and a SHA-256, damaged at random: nothing crashes or hangs,
 * what cannot be overlooked is found, and of a backup everything is. test/etcd/db-exhaustive.test.ts
 * goes on with it for minutes.
 */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import fc from 'fast-check'
import { fixtureFile } from '../support/fixtures.ts'
import { rotating, sample } from './damage.ts'
import { DamagedDb, type Tally } from './db-damage.ts'
import { DbPages } from './db-pages.ts'
import { memoryInUse } from './memory.ts'

const backup = fixtureFile('3.6.14', 'keyspace', 'backup-written.db')
const compacted = fixtureFile('3.4.23', 'keyspace', 'backup-compacted.db')

/** By what makes them different. */
const FILES: Readonly<Record<string, Buffer>> = {
  'a backup': backup,
  "a member's db": compacted.subarray(0, -32),
  'a db with a freelist': withFreelist(compacted.subarray(0, -32)),
}

/** Of each file. */
const MUTATIONS = 50
const BYTES = 50
const RUNS = 40

function withFreelist(bytes: Buffer): Buffer {
  const db = new DbPages(bytes)
  const [home = 0, ...free] = db.free()
  return db.writeFreelist(home, free).bytes
}

for (const [name, intact] of Object.entries(FILES)) {
  describe(name, () => {
    let db: DamagedDb
    before(() => {
      db = new DamagedDb(intact)
    })
    after(() => db.close())

    test('with one thing changed in its structure', () => {
      for (let seed = 0; seed < MUTATIONS; seed++) db.mutate(seed)
    })

    test('with one byte changed', (t) => {
      const tally: Tally = { changed: {}, unnoticed: {} }
      const used = new DbPages(intact).tree().flatMap(({ id }) => {
        return sample(4096, BYTES / 10).map((at) => id * 4096 + at)
      })
      for (const at of [...used, ...sample(intact.length, BYTES)]) {
        db.changeByte(at, rotating(intact[at] as number, at), tally)
      }
      t.diagnostic(`${JSON.stringify(tally.unnoticed)} of ${JSON.stringify(tally.changed)}`)
    })

    test('with anything done to it', () => {
      const noise = fc.uint8Array({ minLength: 1, maxLength: 64 })
      const change = fc.record({ at: fc.nat(), noise })
      fc.assert(
        fc.property(
          fc.array(change, { maxLength: 6 }),
          fc.nat({ max: intact.length + 5000 }),
          fc.boolean(),
          (changes, length, cut) => {
            const bytes = Buffer.from(cut ? fitted(intact, length) : intact)
            for (const { at, noise } of changes) {
              if (bytes.length > 0)
                bytes.set(noise.subarray(0, bytes.length - (at % bytes.length)), at % bytes.length)
            }
            db.replace(bytes, `${changes.length} changes, ${bytes.length} bytes`)
          },
        ),
        { numRuns: RUNS },
      )
    })
  })
}

/** Cut, or with zeros behind it. */
function fitted(bytes: Buffer, length: number): Buffer {
  const rest = Buffer.alloc(Math.max(0, length - bytes.length))
  return Buffer.concat([bytes.subarray(0, length), rest])
}

test('memory stays flat over hundreds of damaged dbs', () => {
  const db = new DamagedDb(FILES['a db with a freelist'] as Buffer)
  try {
    for (let seed = 0; seed < 50; seed++) db.mutate(seed)
    const start = memoryInUse()
    for (let seed = 50; seed < 170; seed++) db.mutate(seed)
    const end = memoryInUse()
    assert.ok(end.heap - start.heap < 8, `${start.heap} MiB, then ${end.heap} MiB`)
    assert.ok(end.external - start.external < 8, `${start.external} MiB, then ${end.external} MiB`)
    assert.ok(end.resident - start.resident < 96, `${start.resident} MiB, then ${end.resident} MiB`)
  } finally {
    db.close()
  }
})
