import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { BoltDb } from '../../../src/lib/bolt/bolt-db.ts'
import { listPages, pagesOf } from '../../../src/lib/bolt/page-listing.ts'
import { PageMap } from '../../../src/lib/bolt/page-map.ts'
import { pageStats } from '../../../src/lib/bolt/page-stats.ts'
import { Findings } from '../../../src/lib/findings/findings.ts'
import { FindingsOfPages } from '../../../src/lib/findings/findings-of-pages.ts'
import { MemorySource } from '../../../src/lib/io/source.ts'
import { findPages, pageDetail, pageLine } from '../../../src/lib/report/pages.ts'
import { nameKey } from '../../../src/lib/store/revision.ts'
import { mutate } from '../../hostile/db-mutations.ts'
import { fixture } from '../../support/fixtures.ts'

const SEEDS = 400

/** One with branch pages. */
const tree = readFileSync(join(fixture('3.6.14', 'keyspace').dir, 'backup-written.db'))

const intact = readFileSync(join(fixture('3.6.14', 'cluster').dir, 'm1/member/snap/db'))

function open(bytes: Uint8Array, findings = new Findings()) {
  const db = new BoltDb(new MemorySource('db', bytes), findings, { nameKey })
  return { db, findings, map: db.meta && new PageMap(db) }
}

type Json = { readonly [field: string]: unknown }

function detailOf(bytes: Uint8Array, id: number, options = {}): Json {
  const { db, map } = open(bytes)
  const listed = findPages(db, map, [id]).get(id)
  assert.ok(listed)
  return pageDetail(db, listed, options)
}

/** The page of the bucket `key`: it is one leaf in this file. */
function keyPage(): number {
  const { db } = open(intact)
  const root = db.bucket('key')?.root
  assert.ok(root)
  return root
}

describe('pages of a db', () => {
  it('lists each once, in order, with what it is for', () => {
    const { db, map } = open(intact)
    const pages = [...listPages(db, map)]
    assert.deepEqual(
      pages.map(({ id }) => id),
      Array.from({ length: db.highWaterMark }, (_, id) => id),
    )
    assert.ok(pages.every(({ kind, free }) => (kind === 'free') === free))
    assert.deepEqual(
      pages.slice(0, 2).map(({ kind }) => kind),
      ['meta', 'meta'],
    )
    const line = pageLine(pages[keyPage()] as (typeof pages)[0]) as Json
    assert.deepEqual([line.bucket, line.reachable], ['key', true])
  })

  it('has a row for each revision, and values by their size', () => {
    const { rows } = detailOf(intact, keyPage())
    const [first, ...others] = rows as Json[]
    assert.deepEqual(first?.key, { text: 'k1' })
    assert.deepEqual(Object.keys(first?.value as object), ['bytes'])
    assert.ok(others.some(({ tombstone, value }) => tombstone === true && value === undefined))
    const shown = detailOf(intact, keyPage(), { values: 'text' }).rows as Json[]
    assert.deepEqual(shown[0]?.value, { bytes: 8, text: 'v1 again' })
  })

  it('does not show password hashes unless asked', () => {
    const { db } = open(intact)
    const root = Number(db.meta?.root)
    const usersOf = (options: object): Json[] => {
      const buckets = detailOf(intact, root, options).buckets as { name: string; rows: Json[] }[]
      return buckets.find(({ name }) => name === 'authUsers')?.rows ?? []
    }
    assert.ok(usersOf({ values: 'text' }).every(({ value }) => (value as Json).redacted === true))
    assert.ok(
      usersOf({ values: 'hex', showSecrets: true }).some(({ value }) => (value as Json).hex),
    )
  })

  it('shows what free pages held before', () => {
    const { db, map } = open(intact)
    const free = [...listPages(db, map)].find(({ kind }) => kind === 'free')
    const page = detailOf(intact, free?.id ?? 0)
    assert.deepEqual([page.kind, page.reachable, page.path], ['free', false, undefined])
    assert.ok(page.content === 'leaf' || page.content === 'branch')
  })

  it('shows every field of a meta page, and what is wrong with it', () => {
    const damaged = Buffer.from(intact)
    damaged.writeUInt32LE(3, 20)
    const { meta } = detailOf(damaged, 0) as { meta: Json }
    assert.deepEqual(
      [meta.ok, meta.fault, meta.version, meta.active],
      [false, 'version mismatch', 3, false],
    )
    const { meta: other } = detailOf(damaged, 1) as { meta: Json }
    assert.deepEqual([other.ok, other.active], [true, true])
  })

  it('shows pages by their headers when no meta page is valid', () => {
    const damaged = Buffer.from(intact)
    damaged.fill(0, 16, 24)
    damaged.fill(0, 4096 + 16, 4096 + 24)
    const { db, map, findings } = open(damaged)
    assert.ok(findings.has('DB_NO_META'))
    assert.equal(map, undefined)
    const pages = [...listPages(db, map)]
    assert.equal(pages.length, pagesOf(db))
    assert.ok(pages.some(({ kind, reachable }) => kind === 'leaf' && reachable === undefined))
    assert.ok((detailOf(damaged, keyPage()).rows as object[]).length > 0)
  })

  it('says which elements are outside their page, and which rows do not decode', () => {
    const page = keyPage()
    const damaged = Buffer.from(intact)
    damaged.writeUInt32LE(1_000_000, page * 4096 + 16 + 4)
    const [first, second] = detailOf(damaged, page).rows as Json[]
    assert.equal(first?.outside, true)
    assert.equal(second?.outside, undefined)
    const undecodable = Buffer.from(intact)
    const at = page * 4096 + 16 + undecodable.readUInt32LE(page * 4096 + 16 + 4)
    undecodable.fill(0xff, at + 17, at + 21)
    const [row] = detailOf(undecodable, page).rows as Json[]
    assert.deepEqual([row?.undecodable, row?.revision], [true, 3])
  })

  it('has findings of the pages asked for, and of the file as a whole', () => {
    const page = keyPage()
    const damaged = Buffer.from(intact)
    damaged.writeBigUInt64LE(77n, page * 4096)
    const own = open(damaged, new FindingsOfPages([page])).findings
    assert.deepEqual([...own.counts.keys()], ['DB_PAGE_ID'])
    assert.equal(open(damaged, new FindingsOfPages([0])).findings.of('error'), 0)
    const cut = open(damaged.subarray(0, 3 * 4096), new FindingsOfPages([0])).findings
    assert.deepEqual([...cut.counts.keys()], ['DB_TRUNCATED'])
  })

  it('goes over whatever is damaged', () => {
    for (let seed = 0; seed < SEEDS; seed++) {
      const { bytes, what } = mutate(tree, seed)
      const { db, map } = open(bytes)
      const pages = [...listPages(db, map)]
      assert.deepEqual(
        pages.map(({ id }) => id),
        Array.from({ length: pagesOf(db) }, (_, id) => id),
        what,
      )
      for (const page of pages) {
        const detail = pageDetail(db, page, { hex: true, values: 'text' })
        assert.equal(detail.id, page.id, what)
      }
      if (map) assert.ok(pageStats(db, map).buckets.length <= 250)
    }
  })
})
