import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { BoltDb } from '../../../src/lib/bolt/bolt-db.ts'
import { Findings } from '../../../src/lib/findings/findings.ts'
import { FileSource } from '../../../src/lib/io/file-source.ts'
import { MemorySource } from '../../../src/lib/io/source.ts'
import { Keyspace, type KeyspaceQuery, revisionEntries } from '../../../src/lib/store/keyspace.ts'
import { readKeyspaceBounds, refusalOf } from '../../../src/lib/store/keyspace-bounds.ts'
import type { KeyEntry } from '../../../src/lib/store/keyspace-entry.ts'
import { KEY_ORDERS, type KeyOrder } from '../../../src/lib/store/keyspace-sort.ts'
import { ValueReader } from '../../../src/lib/store/keyspace-value.ts'
import { encodeRevision } from '../../../src/lib/store/revision.ts'
import { keySpan, prefixSpan } from '../../../src/lib/wal/key-span.ts'
import { type Change, rowOf, rowsDb } from '../../support/rows-db.ts'
import { keyspaces, line, stages } from '../../truth/keyspaces.ts'

describe('the keyspace that servers listed', () => {
  for (const { name, path, truth } of stages()) {
    test(`${name}, at every revision`, () => {
      const source = new FileSource(path)
      const findings = new Findings()
      try {
        const db = new BoltDb(source, findings)
        const { revision, compactRevision = -1 } = readKeyspaceBounds(db, findings)
        assert.deepEqual([revision, compactRevision].map(String), [
          truth.revision,
          truth.compactRevision,
        ])
        for (const [at, expected] of keyspaces(truth)) {
          const values = new ValueReader(source)
          const keys = listed(db, { revision: at }, (entry) => {
            return line({ ...entry, value: values.read(entry) })
          })
          assert.deepEqual(keys, expected, `at ${at}`)
          assert.equal(new Keyspace(db, findings, { revision: at }).count(), expected.length)
        }
        assert.deepEqual(findings.list, [])
      } finally {
        source.close()
      }
    })

    test(`${name}, and the revisions that they refused`, () => {
      const source = new FileSource(path)
      const findings = new Findings()
      const bounds = readKeyspaceBounds(new BoltDb(source, findings), findings)
      source.close()
      const { revision, compactRevision = 0 } = bounds
      assert.equal(`mvcc: ${refusalOf(bounds, Number(revision) + 1)}`, truth.refused.future)
      if (truth.refused.compacted) {
        const before = refusalOf(bounds, Number(compactRevision) - 1)
        assert.equal(`mvcc: ${before}`, truth.refused.compacted)
      }
      assert.equal(refusalOf(bounds, revision), undefined)
      assert.equal(refusalOf(bounds, compactRevision || 1), undefined)
    })
  }
})

const TINY = { memory: 200, records: 7 }

/** Puts and deletions as a server makes them: deleting what is not there writes nothing. */
const changes = fc
  .array(
    fc.record({
      key: fc.string({ unit: fc.constantFrom('a', 'b', '\0', '\xff'), minLength: 1, maxLength: 3 }),
      value: fc.option(fc.string({ unit: 'binary-ascii', maxLength: 9 })),
      lease: fc.constantFrom('', '1', '7587872233417272155', '-1'),
      ends: fc.boolean(),
    }),
    { maxLength: 60, size: 'max' },
  )
  .map((wishes) => {
    const live = new Map<string, { createRevision: number; version: number }>()
    const made: Change[] = []
    let main = 2
    let sub = 0
    for (const { key, value, lease, ends } of wishes) {
      const before = live.get(key)
      if (value === null) {
        if (!before) continue
        live.delete(key)
        made.push({ main, sub, key })
      } else {
        const now = {
          createRevision: before?.createRevision ?? main,
          version: (before?.version ?? 0) + 1,
        }
        live.set(key, now)
        made.push({ main, sub, key, value, lease, ...now })
      }
      sub += 1
      if (ends) {
        main += 1
        sub = 0
      }
    }
    return made
  })

describe('a keyspace', () => {
  test('at any revision is what replaying the rows into a map gives', () => {
    fc.assert(
      fc.property(changes, fc.nat({ max: 60 }), fc.boolean(), (made, revision, tiny) => {
        const { db, bytes } = rowsDb(made.map(rowOf))
        const values = new ValueReader(new MemorySource('db', bytes))
        const live = new Map<string, Change>()
        for (const change of made.filter(({ main }) => main <= revision)) {
          if (change.value === undefined) live.delete(change.key)
          else live.set(change.key, change)
        }
        const query = { revision, ...(tiny ? { limits: TINY } : {}) }
        const found = listed(db, query, (entry) => ({
          ...changeOf(entry),
          value: Buffer.from(values.read(entry)).toString('latin1'),
        }))
        const expected = [...live.values()].sort((a, b) => (a.key < b.key ? -1 : 1)).map(plain)
        assert.deepEqual(found, expected)
        assert.equal(new Keyspace(db, new Findings(), query).count(), expected.length)
      }),
      { numRuns: 300 },
    )
  })

  test('in any order, either way, with or without history, is a plain sort', () => {
    const order = fc.constantFrom(...KEY_ORDERS)
    fc.assert(
      fc.property(changes, order, fc.boolean(), fc.boolean(), (made, by, descending, history) => {
        const { db } = rowsDb(made.map(rowOf))
        const query = { order: by, descending, history, limits: TINY }
        const found = listed(db, query, changeOf)
        const last = new Map(made.map((change) => [change.key, change]))
        const wanted = history
          ? made
          : [...last.values()].filter(({ value }) => value !== undefined)
        const expected = [...wanted].sort((a, b) => compare(by, a, b))
        if (descending) expected.reverse()
        assert.deepEqual(
          found,
          expected.map((change) => withoutValue(plain(change))),
        )
      }),
      { numRuns: 300 },
    )
  })

  test('in the order of the file is every row, as it stands there', () => {
    fc.assert(
      fc.property(changes, (made) => {
        const { db } = rowsDb(made.map(rowOf))
        const found = [...revisionEntries(db, new Findings(), {})].map(changeOf)
        assert.deepEqual(
          found,
          made.map((change) => withoutValue(plain(change))),
        )
      }),
    )
  })

  test('is filtered by spans and by a predicate', () => {
    const keys = ['a', 'a/b', 'a/c', 'a\xff', 'b', '\xff']
    const made = keys.map((key, at) => ({ main: at + 2, sub: 0, key, value: '' }))
    const { db } = rowsDb(made.map(rowOf))
    const keysOf = (query: KeyspaceQuery) => listed(db, query, ({ key }) => latin1(key))
    const bytes = (text: string) => Buffer.from(text, 'latin1')
    assert.deepEqual(keysOf({ spans: [prefixSpan(bytes('a/'))] }), ['a/b', 'a/c'])
    assert.deepEqual(keysOf({ spans: [keySpan(bytes('b')), keySpan(bytes('a'))] }), ['a', 'b'])
    assert.deepEqual(keysOf({ spans: [{ start: bytes('a/c') }] }), ['a/c', 'a\xff', 'b', '\xff'])
    assert.deepEqual(keysOf({ spans: [{ start: bytes('b'), end: bytes('a') }] }), [])
    const matches = (key: Uint8Array) => key.length === 1
    assert.deepEqual(keysOf({ matches }), ['a', 'b', '\xff'])
    assert.deepEqual(keysOf({ matches, spans: [prefixSpan(bytes('a'))] }), ['a'])
  })

  test('does not show what no client can reach, but its history does', () => {
    // The row that a restore with --bump-revision leaves, and a row before all revisions.
    const bump = { key: encodeRevision(9), value: new Uint8Array(0) }
    const zero = rowOf({ main: 0, sub: 0, key: 'zero', value: '' })
    const { db } = rowsDb([zero, rowOf({ main: 2, sub: 0, key: 'k', value: '' }), bump])
    assert.deepEqual(
      listed(db, {}, ({ key }) => latin1(key)),
      ['k'],
    )
    assert.deepEqual(
      listed(db, { history: true }, ({ key }) => latin1(key)),
      ['', 'k', 'zero'],
    )
    assert.equal(readKeyspaceBounds(db, new Findings()).revision, 9)
  })
})

describe('the bounds of a keyspace', () => {
  const revisionRow = (name: string, main: number) => ({
    key: Buffer.from(name),
    value: encodeRevision(main),
  })

  test('find the last row from anywhere', () => {
    const revision = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER })
    fc.assert(
      fc.property(fc.uniqueArray(revision, { minLength: 1 }), (mains) => {
        const sorted = [...mains].sort((a, b) => a - b)
        const { db } = rowsDb(sorted.map((main) => rowOf({ main, sub: 0, key: 'k' })))
        const { revision } = readKeyspaceBounds(db, new Findings())
        assert.equal(revision, sorted.at(-1))
      }),
    )
  })

  test('go by a compaction that was only scheduled, and by one beyond all rows', () => {
    const scheduled = revisionRow('scheduledCompactRev', 7)
    const finished = revisionRow('finishedCompactRev', 5)
    const { db } = rowsDb([rowOf({ main: 6, sub: 0, key: 'k' })], { meta: [finished, scheduled] })
    assert.deepEqual(readKeyspaceBounds(db, new Findings()), { revision: 7, compactRevision: 7 })
    const { db: empty } = rowsDb([])
    assert.deepEqual(readKeyspaceBounds(empty, new Findings()), { revision: 1 })
  })
})

function listed<T>(db: BoltDb, query: KeyspaceQuery, take: (entry: KeyEntry) => T): T[] {
  const keyspace = new Keyspace(db, new Findings(), query)
  try {
    return Array.from(keyspace.entries(), take)
  } finally {
    keyspace.close()
  }
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1')
}

/** An entry in the words of a change. */
function changeOf({ main, sub, key, tombstone, ...numbers }: KeyEntry): Change {
  const head = { main: Number(main), sub: Number(sub), key: latin1(key) }
  if (tombstone) return head
  const { createRevision, modRevision, version, lease } = numbers
  assert.equal(modRevision, main)
  return {
    ...head,
    createRevision: Number(createRevision),
    version: Number(version),
    lease: lease === 0 ? '' : String(lease),
  }
}

function plain({ value, ...change }: Change): Change {
  return value === undefined ? change : { ...change, value }
}

function withoutValue({ value: _, ...change }: Change): Change {
  return change
}

function compare(order: KeyOrder, a: Change, b: Change): number {
  const numbers = [a, b].map(({ main, value, createRevision = 0, version = 0, lease }) => {
    const values = { create: createRevision, mod: main, version, size: value?.length ?? 0 }
    return order === 'key' ? 0n : BigInt(order === 'lease' ? lease || 0 : values[order])
  }) as [bigint, bigint]
  if (numbers[0] !== numbers[1]) return numbers[0] < numbers[1] ? -1 : 1
  if (a.key !== b.key) return a.key < b.key ? -1 : 1
  return a.main - b.main || a.sub - b.sub
}
