/**
 * Everything that `bbolt check` reports of damaged files is reported by us, of the same page: of each
 * file that it survives.
 *
 * Where we do not go on behind a page, what bbolt says of the pages below may be missing; then the
 * page above has to be reported.
 */
import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import type { FindingId } from '../../src/lib/findings/catalogue.ts'
import type { Finding } from '../../src/lib/findings/finding.ts'
import { mutate } from '../hostile/db-mutations.ts'
import { DbPages } from '../hostile/db-pages.ts'
import { inspect } from '../hostile/judge.ts'
import { fixture } from '../support/fixtures.ts'
import { check, type Kind, type Problem, withFreelist } from './bbolt.ts'

/** Of each file; any other range of seeds is as good. */
const SEEDS = 150

/** Which finding says what a kind of bbolt's says. */
const SAME: Readonly<Record<Kind, readonly FindingId[]>> = {
  'already freed': ['DB_FREELIST_INVALID'],
  'unreachable unfreed': ['DB_PAGE_LEAKED'],
  'multiple references': ['DB_PAGE_SHARED', 'DB_FREELIST_INVALID'],
  'reachable freed': ['DB_PAGE_FREED'],
  'out of bounds': ['DB_PAGE_OUT_OF_BOUNDS'],
  type: ['DB_PAGE_TYPE'],
  order: ['DB_KEY_ORDER'],
}

/** A page with one of these is not, or not wholly, gone into. */
const STOPS = new Set<FindingId>([
  ...(['DB_PAGE_OUT_OF_BOUNDS', 'DB_PAGE_SHARED', 'DB_PAGE_TYPE', 'DB_PAGE_UNREADABLE'] as const),
  ...(['DB_ELEMENT_OUTSIDE', 'DB_ELEMENT_FLAGS', 'DB_KEY_EMPTY', 'DB_BUCKET_INVALID'] as const),
])

/** These tell of any change to a backup, but not where it is. */
const SHA = new Set<FindingId>(['DB_SHA256_MISMATCH', 'DB_SHA256_CUT'])

const FILES: readonly [version: string, backup: string][] = [
  ['3.4.23', 'backup-compacted.db'],
  ['3.5.30', 'backup-written.db'],
  ['3.6.14', 'backup-emptied.db'],
  ['3.7.1', 'backup-compacted.db'],
]

describe('what bbolt check reports, with the same page', () => {
  let directory = ''
  let damaged = ''
  before(() => {
    directory = mkdtempSync(join(tmpdir(), 'etcdsnap-bbolt-'))
    damaged = join(directory, 'damaged.db')
  })
  after(() => rmSync(directory, { recursive: true }))

  for (const [version, backup] of FILES) {
    const name = `${version}/keyspace/${backup}`
    const path = join(fixture(version, 'keyspace').dir, backup)

    test(`${name}, which has no freelist`, async (t) => {
      const tally = await compare(readFileSync(path))
      t.diagnostic(JSON.stringify(tally))
      // bbolt builds the freelist by reading the tree, and panics at what it meets.
      assert.ok(tally.survived > SEEDS / 8)
    })

    test(`${name} with a freelist`, async (t) => {
      const copy = join(directory, `${version}-${backup}`)
      await withFreelist(path, copy)
      assert.deepEqual((await check(copy)).problems, [])
      const tally = await compare(readFileSync(copy))
      t.diagnostic(JSON.stringify(tally))
      assert.ok(tally.survived > SEEDS / 2)
      assert.ok(tally.exact > tally.hidden)
    })
  }

  async function compare(intact: Buffer) {
    const tally = { survived: 0, problems: 0, exact: 0, hidden: 0 }
    for (let seed = 0; seed < SEEDS; seed++) {
      const { what, bytes } = mutate(intact, seed)
      writeFileSync(damaged, bytes)
      const { survived, problems } = await check(damaged)
      const { findings } = await inspect(damaged, { perId: Number.POSITIVE_INFINITY })
      if (!survived) {
        const located = findings.some(({ id, severity }) => severity === 'error' && !SHA.has(id))
        assert.ok(located, `${what}: bbolt does not survive it, and nothing was found`)
        continue
      }
      tally.survived += 1
      for (const problem of problems) {
        const found = findingFor(problem, findings, intact) ?? overflowOf(problem, findings, bytes)
        assert.ok(found, `${what}: bbolt says ${problem.line}`)
        tally.problems += 1
        tally[found] += 1
      }
    }
    return tally
  }

  test('the damage of a list that has one page twice and another not at all', async () => {
    const copy = join(directory, 'twice.db')
    await withFreelist(join(fixture('3.5.30', 'keyspace').dir, 'backup-compacted.db'), copy)
    const db = new DbPages(readFileSync(copy))
    assert.equal(db.freelist, 3)
    // As in the damaged backup that etcd's own tests come with.
    db.writeFreelist(3, [3, 3, ...db.free().filter((page) => page !== 4)])
    writeFileSync(damaged, db.bytes)
    const { problems } = await check(damaged)
    assert.deepEqual(
      problems.map(({ line }) => line),
      ['page 3: already freed', 'page 4: unreachable unfreed'],
    )
    const { findings } = await inspect(damaged)
    const found = findings.filter(({ id }) => /FREELIST|LEAKED|FREED/.test(id))
    assert.deepEqual(
      found.map(({ id, page }) => `${id} ${page}`),
      // And the list is itself what it has as free.
      ['DB_PAGE_FREED 3', 'DB_FREELIST_INVALID 3', 'DB_PAGE_LEAKED 4'],
    )
    assert.match(found[1]?.message ?? '', /page 3 twice/)
  })
})

function findingFor(
  { kind, page, stack, line }: Problem,
  findings: readonly Finding[],
  intact: Buffer,
): 'exact' | 'hidden' | undefined {
  const ids = page < 2 ? [...SAME[kind], 'DB_PAGE_OUT_OF_BOUNDS'] : SAME[kind]
  const same = findings.filter(({ id }) => ids.includes(id))
  // A freelist is one page, which may name any other; a page that refers to a meta page names it.
  const isExact = (finding: Finding) =>
    finding.page === page || new RegExp(`page ${page}\\b`).test(finding.message)
  if (same.some(isExact)) return 'exact'
  // It says so of the page behind one whose last key is too high; we say it of that one.
  const parent = /on branch page/.test(line) ? stack.at(-1) : undefined
  const isBelow = ({ message }: Finding) =>
    new RegExp(`path from the root: .*\\b${parent} → \\d+$`).test(message)
  if (parent !== undefined && same.some(isBelow)) return 'exact'
  // Of a list that cannot be what it says it is nothing is read.
  if (/freed/.test(kind) && findings.some(({ id }) => id === 'DB_FREELIST_INVALID')) return 'hidden'
  const above = [...stack, page, ...pathOf(page, intact)]
  const has = (ids: ReadonlySet<FindingId>) =>
    findings.some(({ id, page: at }) => ids.has(id) && above.includes(Number(at)))
  // bbolt searches for a bucket by its name, and misses one that is out of order; we read it.
  if (kind === 'unreachable unfreed' && has(new Set(['DB_KEY_ORDER']))) return 'hidden'
  return has(STOPS) || findings.some(({ id }) => id === 'DB_NO_META') ? 'hidden' : undefined
}

/** Of a page that overflows into others the first is named, by bbolt each of them. */
function overflowOf({ kind, page }: Problem, findings: readonly Finding[], damaged: Buffer) {
  const db = new DbPages(damaged)
  const covers = (from: number) => page > from && page <= from + db.overflow(from)
  const found = findings.some(({ id, page: at }) => id === 'DB_PAGE_SHARED' && covers(Number(at)))
  return kind === 'multiple references' && found ? ('hidden' as const) : undefined
}

/** The pages above a page, in the file as it was; of an overflow page those of its first. */
function pathOf(page: number, intact: Buffer): readonly number[] {
  const found = new DbPages(intact).tree().find(({ id, pages }) => page >= id && page < id + pages)
  return found ? [found.id, ...found.path] : []
}
