/**
 * One kind of damage after another to a real backup: each is found, where it is, and the program ends
 * with the contract's exit code. What etcd's own tools make of the same file stands beside it:
 * etcdutl 3.5.30 and bbolt 1.5.0 where nothing else is said.
 */
import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { fixtureFile } from '../support/fixtures.ts'
import { DbPages } from './db-pages.ts'
import { run } from './program.ts'

const intact = fixtureFile('3.5.30', 'keyspace', 'backup-written.db')
const pages = new DbPages(intact)

/** The root of everything is the last page. */
const root = pages.highWaterMark - 1

/** A leaf page in the middle of the key bucket. */
const leaf =
  pages.tree().filter(({ kind, path }) => kind === 'leaf' && path.length === 2)[2]?.id ?? 0

/** The second row of that leaf, with the bytes of its KeyValue, whose first field is the user's key. */
const row = pages.leafElement(leaf, 1)
const keyLengthAt = row.value + 1

interface Row {
  readonly name: string
  /** Of the file; `backup.db` unless told. */
  readonly file?: string
  /** The bytes of the damaged file. */
  readonly bytes: Buffer
  readonly exit: 0 | 1
  /** Ids with where they are: every finding that is an error, or a warning of the file itself. */
  readonly found: readonly string[]
  /** What has to stand in the messages. */
  readonly says?: RegExp
}

const CHANGED = `DB_SHA256_MISMATCH offset ${intact.length - 32}`

function changed(at: number, value: number | ((byte: number) => number)): Buffer {
  const bytes = Buffer.from(intact)
  const byte = bytes[at] as number
  bytes[at] = typeof value === 'number' ? value : value(byte)
  assert.notEqual(bytes[at], byte)
  return bytes
}

function with16(at: number, value: number): Buffer {
  const bytes = Buffer.from(intact)
  bytes.writeUInt16LE(value, at)
  return bytes
}

const TEXT = Buffer.from('not a database, but some kilobytes of text\n'.repeat(1628))

const ROWS: readonly Row[] = [
  { name: 'nothing', bytes: intact, exit: 0, found: [] },
  {
    // status 0 with another hash, check OK, restore --skip-hash-check 0: etcd serves the wrong value.
    name: 'a byte in a value',
    bytes: changed(row.value + row.valueBytes - 1, (byte) => byte ^ 1),
    exit: 1,
    found: [CHANGED],
    says: /changed since the backup was taken/,
  },
  {
    // status 0; after restore --skip-hash-check etcd ends with "failed to unmarshal".
    name: "a length in a value's protobuf",
    bytes: changed(keyLengthAt, 0x7f),
    exit: 1,
    found: [`MVCC_VALUE_UNDECODABLE page ${leaf}`, CHANGED],
    says: /what revision \d+ stores is no KeyValue/,
  },
  {
    // Panics, "freepages: failed to get all reachable pages"; etcdctl 3.4 and 3.3 say nothing.
    name: 'a byte in a key of a leaf page',
    bytes: changed(row.key + 7, (byte) => byte ^ 0x40),
    exit: 1,
    found: [`DB_KEY_ORDER page ${leaf}`, CHANGED],
  },
  {
    // Panics.
    name: 'the top bit of a key',
    bytes: changed(row.key, (byte) => byte ^ 0x80),
    exit: 1,
    found: [`DB_KEY_ORDER page ${leaf}`, CHANGED],
  },
  {
    // Panics.
    name: "the top bit of an element's pos",
    bytes: changed(row.at + 7, (byte) => byte ^ 0x80),
    exit: 1,
    found: [`DB_ELEMENT_OUTSIDE page ${leaf}`, CHANGED],
    says: /element 1 of leaf page/,
  },
  {
    // Panics, "has unexpected type/flags".
    name: "a byte of a page's flags",
    bytes: changed(pages.at(leaf) + 8, (byte) => byte ^ 1),
    exit: 1,
    found: [`DB_PAGE_TYPE page ${leaf}`, CHANGED],
    says: /path from the root: \d+ → \d+/,
  },
  {
    // Dies with SIGBUS and 150 to 190 lines.
    name: 'more elements than there are',
    bytes: with16(pages.at(leaf) + 10, 0x7fff),
    exit: 1,
    found: [`DB_ELEMENT_OUTSIDE page ${leaf}`, CHANGED],
    says: /more elements than/,
  },
  {
    // Panics: "Page expected to be".
    name: "a page's id",
    bytes: changed(pages.at(leaf), (byte) => byte ^ 0xff),
    exit: 1,
    found: [`DB_PAGE_ID page ${leaf}`, CHANGED],
  },
  {
    // 0 and OK; `surgery meta validate` warns and ends with 0.
    name: 'a byte in a meta page',
    bytes: changed(40, (byte) => byte ^ 1),
    exit: 1,
    found: ['DB_META_INVALID page 0', CHANGED],
  },
  {
    // Ends with 1, "invalid database".
    name: 'both meta pages',
    bytes: Buffer.concat([
      Buffer.alloc(pages.pageSize * 2, 0xa5),
      intact.subarray(pages.pageSize * 2),
    ]),
    exit: 1,
    found: ['DB_META_INVALID page 0', 'DB_META_INVALID page 1', 'DB_NO_META', CHANGED],
  },
  {
    // 0: nobody checks whether there should be a hash; restore: "snapshot missing hash".
    name: 'the hash cut off',
    bytes: intact.subarray(0, -32),
    exit: 1,
    found: [`DB_SHA256_CUT offset ${intact.length - 32}`],
    says: /a backup without its last 32 bytes/,
  },
  {
    // 0 and OK.
    name: 'the last 10 bytes cut off',
    bytes: intact.subarray(0, -10),
    exit: 1,
    found: [`DB_SHA256_CUT offset ${intact.length - 32}`],
    says: /10 of its 32 bytes were cut off/,
  },
  {
    // Restore says only that the hash is another one.
    name: 'zeros where the hash was',
    bytes: Buffer.concat([intact.subarray(0, -32), Buffer.alloc(32)]),
    exit: 1,
    found: [CHANGED],
    says: /zeros/,
  },
  {
    name: 'the hash twice',
    bytes: Buffer.concat([intact, intact.subarray(-32)]),
    exit: 1,
    found: [`DB_SHA256_MISMATCH offset ${intact.length - 32}`],
    says: /32 bytes were appended/,
  },
  {
    // Dies with SIGSEGV and 117 to 167 lines.
    name: 'cut in the middle',
    bytes: intact.subarray(0, pages.at(leaf) + 100),
    exit: 1,
    found: [`DB_TRUNCATED offset ${pages.at(leaf) + 100}`, `DB_PAGE_UNREADABLE page ${root}`],
    says: /shorter than its 16 pages/,
  },
  {
    // Ends with 1, "file size too small".
    name: 'cut within the first page',
    bytes: intact.subarray(0, 4000),
    exit: 1,
    found: [
      'DB_TRUNCATED offset 4000',
      'DB_META_INVALID page 1',
      `DB_PAGE_UNREADABLE page ${root}`,
    ],
  },
  {
    // Ends with 1 and "bad file descriptor": it tried to write to it.
    name: 'an empty file',
    bytes: Buffer.alloc(0),
    exit: 1,
    found: ['FILE_EMPTY'],
  },
  {
    // Ends with 1, "invalid database".
    name: 'a text named backup.db',
    bytes: TEXT,
    exit: 1,
    found: ['DB_META_INVALID page 0', 'DB_META_INVALID page 1', 'DB_NO_META'],
  },
  {
    name: 'five bytes named backup.db',
    bytes: Buffer.from('text\n'),
    exit: 1,
    found: ['DB_META_INVALID page 0', 'DB_META_INVALID page 1', 'DB_NO_META'],
  },
  {
    name: 'a download that was not finished',
    file: 'backup.db.part',
    bytes: intact.subarray(0, 30_000),
    exit: 1,
    found: ['FILE_UNFINISHED', 'DB_TRUNCATED offset 30000', `DB_PAGE_UNREADABLE page ${root}`],
  },
  {
    // 0; restore: "snapshot missing hash", and without the check the WAL is ignored.
    name: "nothing: a plain copy of a member's db",
    file: 'db',
    bytes: fixtureFile('3.5.30', 'keyspace', 'data/member/snap/db'),
    exit: 0,
    found: [],
  },
  {
    // With a freelist bbolt says "page 2: reachable freed", and goes on; a write would destroy it.
    name: 'a freelist with a page that is in use',
    file: 'db',
    bytes: withFreelist((free) => [leaf, ...free]),
    exit: 1,
    found: [`DB_PAGE_FREED page ${leaf}`],
  },
  {
    // "already freed" and "unreachable unfreed": the damaged backup that etcd's tests come with.
    name: 'a freelist with one page twice, and another not',
    file: 'db',
    bytes: withFreelist(([first = 0, , ...free]) => [first, first, ...free]),
    exit: 1,
    found: ['DB_FREELIST_INVALID page 12', 'DB_PAGE_LEAKED page 14'],
    says: /has page 13 twice/,
  },
]

/** A db as other bbolt tools than etcd write it; the list itself takes the first free page. */
function withFreelist(ids: (free: readonly number[]) => readonly number[]): Buffer {
  const db = new DbPages(intact.subarray(0, -32))
  const [home = 0, ...free] = db.free()
  return db.writeFreelist(
    home,
    ids(free).toSorted((a, b) => a - b),
  ).bytes
}

describe('damage', () => {
  let directory = ''
  before(() => {
    directory = mkdtempSync(join(tmpdir(), 'etcdsnap-matrix-'))
  })
  after(() => rmSync(directory, { recursive: true }))

  for (const { name, file = 'backup.db', bytes, exit, found, says = /./ } of ROWS) {
    test(`${name}: ends with ${exit}${found.length > 0 ? `, ${found[0]}` : ''}`, () => {
      const path = join(directory, file)
      writeFileSync(path, bytes)
      const { status, stdout } = run(['inspect', '--json', path])
      const { findings } = JSON.parse(stdout)
      const named = findings
        .filter(({ severity }: { severity: string }) => severity !== 'info')
        .map(placeOf)
      for (const each of found)
        assert.ok(
          named.some((one: string) => one.startsWith(each)),
          `${each}: ${named.join(', ')}`,
        )
      const others = named.filter((one: string) => !found.some((each) => one.startsWith(each)))
      assert.deepEqual(others, [])
      assert.equal(status, exit)
      const messages = findings.map(({ message }: { message: string }) => message).join('\n')
      if (found.length > 0) assert.match(messages, says)
      assert.deepEqual(readFileSync(path), bytes)
    })
  }

  test('what only the last transaction has: the one before is clean, and what it lacks is told', () => {
    const db = fixtureFile('3.5.30', 'killed', 'data/member/snap/db')
    const last = new DbPages(db)
    const active = last.meta === 0 ? 0 : 1
    const before = new DbPages(db).setMeta('txid', 0, [active]).tree()
    const own = last.tree().find(({ id, kind, path }) => {
      return kind === 'leaf' && path.length > 0 && before.every((each) => each.id !== id)
    })
    assert.ok(own)
    // Of a page with another id the rows can be read all the same.
    last.bytes.writeUInt32LE(own.id + 1, last.at(own.id))
    const path = join(directory, 'db')
    writeFileSync(path, last.bytes)
    const { status, stdout } = run(['inspect', '--json', path])
    const { findings } = JSON.parse(stdout)
    assert.equal(status, 1)
    const [other] = findings.filter(({ id }: Found) => id === 'DB_OTHER_META')
    assert.equal(other.page, 1 - active)
    assert.match(
      other.message,
      /is clean; meta \d, tx \d+, is not clean; going back one transaction loses revisions? \d+/,
    )
  })

  test('no such file: ends with 3', () => {
    assert.equal(run(['inspect', join(directory, 'missing.db')]).status, 3)
  })
})

interface Found {
  readonly id: string
  readonly page?: number
  readonly offset?: number
}

/** A page says where it is; of what concerns the file as a whole, the offset does. */
function placeOf({ id, page, offset }: Found): string {
  if (page !== undefined) return `${id} page ${page}`
  return offset === undefined ? id : `${id} offset ${offset}`
}
