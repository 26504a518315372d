/** Pages against bbolt's own `pages`, `page`, `dump` and `stats`, of 1.4.3 and 1.5.0. */
import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { etcdsnap } from '../cli/spawn.ts'
import { listFixtures } from '../fixtures/open.ts'
import { fixture } from '../support/fixtures.ts'
import { withFreelist } from './bbolt.ts'
import { Cluster } from './cluster.ts'
import { put } from './gateway.ts'
import { ensureEtcd } from './install/install.ts'
import { run } from './install/run.ts'

/** With these values a branch page, and in 3 000 keys of 1 KiB two levels of them. */
const KEYS = 3000

interface Page {
  readonly id: number
  readonly kind: string
  readonly elements?: number
  readonly overflow?: number
  readonly bucket?: string
  readonly reachable: boolean
  readonly free: boolean
  readonly hex: string
  readonly path?: readonly number[]
  readonly meta?: Readonly<Record<string, unknown>>
  readonly rows?: readonly { readonly revision?: number; readonly valueBytes: number }[]
  readonly children?: readonly { readonly page: number }[]
  readonly buckets?: readonly { readonly name: string; readonly root?: number }[]
  readonly freePages?: readonly (readonly [number, number])[]
}

interface Stats {
  readonly keys: number
  readonly depth: number
  readonly inline?: number
  readonly branch: Kind
  readonly leaf: Kind
}

interface Kind {
  readonly pages: number
  readonly overflow: number
  readonly bytes: number
  readonly inUse: number
}

function pages(db: string, ...args: string[]): Page[] {
  const { status, stdout, stderr } = etcdsnap(['inspect', 'pages', '--json', db, ...args], {
    maxBuffer: 256 * 1024 * 1024,
  })
  assert.equal(status, 0, stderr)
  return JSON.parse(stdout).pages
}

function statsOf(db: string): Stats[] {
  const { stdout } = etcdsnap(['inspect', 'pages', '--json', '--stats', db])
  return JSON.parse(stdout).stats.buckets
}

/** What `bbolt pages` prints: id, type, items, overflow. */
function listed(db: string): string[] {
  return pages(db)
    .filter(({ kind }) => kind !== 'overflow')
    .map(({ id, kind, elements, overflow }) =>
      [id, kind, ...(kind === 'free' ? [] : [elements, ...(overflow ? [overflow] : [])])].join(' '),
    )
}

function compare(name: string, db: () => string): void {
  for (const version of ['3.6.14', '3.7.1']) {
    const bbolt = async (...args: string[]): Promise<string> => {
      const program = (await ensureEtcd(version)).bin.bbolt
      assert.ok(program)
      return run(program, args)
    }

    describe(`${name}, beside the bbolt of etcd ${version}`, () => {
      test('the same pages', async () => {
        const theirs = (await bbolt('pages', db())).trim().split('\n').slice(2)
        const words = theirs.map((line) => line.trim().split(/ +/).join(' '))
        assert.deepEqual(listed(db()), words)
      })

      test('the same elements', async () => {
        const all = pages(db()).filter(({ kind }) => ['leaf', 'branch', 'meta'].includes(kind))
        const some = all.filter((_, at) => at < 6 || at % 37 === 0).map(({ id }) => String(id))
        const texts = (await bbolt('page', db(), ...some)).split(/\n=+\n/)
        const mine = pages(db(), '--values', 'hex', ...some)
        assert.equal(texts.length, mine.length)
        for (const [at, page] of mine.entries())
          assert.deepEqual(elements(page), elementsIn(texts[at] ?? ''))
      })

      test('the same bytes', async () => {
        const [leaf] = pages(db()).filter(({ kind, bucket }) => kind === 'leaf' && bucket === 'key')
        const id = String(leaf?.id)
        const dump = await bbolt('dump', db(), id)
        const [mine] = pages(db(), id, '--hex')
        const theirs = bytesOf(dump)
        assert.equal(theirs.length, 4096 * 2)
        // It dumps no overflow pages.
        assert.ok(mine?.hex.startsWith(theirs))
      })

      test('the same statistics', async () => {
        const text = await bbolt('stats', db())
        const numbers = [...text.matchAll(/: (\d+)/g)].map(([, number]) => Number(number))
        assert.deepEqual(totals(statsOf(db())), numbers)
      })
    })
  }
}

/** What `bbolt stats` prints, in its order. */
function totals(buckets: readonly Stats[]): number[] {
  const sum = (number: (stats: Stats) => number): number =>
    buckets.reduce((total, stats) => total + number(stats), 0)
  return [
    sum(({ branch }) => branch.pages),
    sum(({ branch }) => branch.overflow),
    sum(({ leaf }) => leaf.pages),
    sum(({ leaf }) => leaf.overflow),
    sum(({ keys }) => keys),
    Math.max(...buckets.map(({ depth }) => depth)),
    sum(({ branch }) => branch.bytes),
    sum(({ branch }) => branch.inUse),
    sum(({ leaf }) => leaf.bytes),
    sum(({ leaf }) => leaf.inUse),
    buckets.length,
    sum(({ inline }) => (inline === undefined ? 0 : 1)),
    sum(({ inline = 0 }) => inline),
  ]
}

/** The parts of a page that both show. */
function elements({ kind, meta, rows, children, buckets }: Page): object {
  if (meta) {
    const { root, highWaterMark, txid, version, pageSize } = meta
    const { stored } = meta.checksum as { stored: string }
    return { kind, root, highWaterMark, txid, version, pageSize, checksum: stored }
  }
  if (children) return { kind, children: children.map(({ page }) => page) }
  if (buckets) return { kind, buckets: buckets.map(({ name, root = 0 }) => [name, root]) }
  return { kind, revisions: rows?.map(({ revision }) => revision) }
}

function elementsIn(text: string): object {
  const field = (name: string): string =>
    new RegExp(`^${name}: *(?:<pgid=)?([^ >\n]+)`, 'm').exec(text)?.[1] ?? ''
  const kind = field('Page Type')
  if (kind === 'meta') {
    return {
      kind,
      root: Number(field('Root')),
      highWaterMark: Number(field('HWM')),
      txid: Number(field('Txn ID')),
      version: Number(field('Version')),
      pageSize: Number(field('Page Size')),
      checksum: field('Checksum'),
    }
  }
  const lines = text
    .trim()
    .split('\n')
    .filter((line) => /^\S+: </.test(line) || /^[0-9a-f]{34}/.test(line))
  if (kind === 'branch')
    return { kind, children: lines.map((line) => Number(/<pgid=(\d+)>/.exec(line)?.[1])) }
  const buckets = lines.filter((line) => line.includes('<pgid='))
  if (buckets.length > 0) {
    return {
      kind,
      buckets: buckets.map((line) => [
        /^"(.*)":/.exec(line)?.[1],
        Number(/<pgid=(\d+),/.exec(line)?.[1]),
      ]),
    }
  }
  return { kind, revisions: lines.map((line) => Number.parseInt(line.slice(0, 16), 16)) }
}

/** The bytes in `bbolt dump`'s output: offset and 16 bytes a line, a star for lines like the last. */
function bytesOf(dump: string): string {
  const lines = [...dump.matchAll(/^([0-9a-f]+) (\*|[0-9a-f ]+)$/gm)]
  const start = Number.parseInt(lines[0]?.[1] ?? '', 16)
  let hex = ''
  let last = ''
  for (const [, offset = '', digits = ''] of lines) {
    const before = (Number.parseInt(offset, 16) - start) * 2
    while (hex.length < before) hex += last
    if (digits === '*') continue
    last = digits.replaceAll(' ', '')
    hex += last
  }
  return hex
}

for (const [version, scenario] of listFixtures()) {
  if (!['cluster', 'large-value', 'restored'].includes(scenario)) continue
  const { dir } = fixture(version, scenario)
  const [data] = readdirSync(dir).filter((name) => ['m1', 'data'].includes(name))
  compare(`${version}/${scenario}`, () => join(dir, data ?? '', 'member/snap/db'))
}

describe('a db of many pages', () => {
  let directory = ''
  let db = ''
  let listedDb = ''
  before(async () => {
    directory = mkdtempSync(join(tmpdir(), 'etcdsnap-pages-'))
    const cluster = await Cluster.start({ version: '3.6.14', dir: directory })
    try {
      for (let key = 0; key < KEYS; key++) await put(cluster, `key ${key}`, 'x'.repeat(1024))
      await put(cluster, 'large', 'y'.repeat(100_000))
    } finally {
      await cluster.stop()
    }
    db = join(cluster.first.dataDir, 'member/snap/db')
    listedDb = join(directory, 'with-freelist')
    await withFreelist(db, listedDb)
  })
  after(() => rmSync(directory, { recursive: true }))

  compare('as etcd wrote it', () => db)
  compare('with a freelist', () => listedDb)

  test('every page has a path from the root of its bucket', () => {
    const all = pages(db).filter(({ reachable, kind }) => reachable && kind === 'leaf')
    const some = all.filter((_, at) => at % 97 === 0)
    for (const { id, path } of pages(db, ...some.map((page) => String(page.id)))) {
      assert.equal(path?.at(-1), id)
      const [root, ...below] = path ?? []
      for (const [at, page] of below.entries()) {
        const [parent] = pages(db, String([root, ...below][at]))
        assert.ok(parent?.children?.some((child) => child.page === page))
      }
    }
    assert.ok(some.some(({ bucket }) => bucket === 'key'))
  })

  test('the freelist has the pages that are free', () => {
    const all = pages(listedDb)
    const [freelist] = all.filter(({ kind }) => kind === 'freelist')
    const [{ freePages = [] } = {}] = pages(listedDb, String(freelist?.id))
    const free = freePages.flatMap(([from, to]) =>
      Array.from({ length: to - from + 1 }, (_, at) => from + at),
    )
    assert.ok(free.length > 0)
    assert.deepEqual(
      free,
      all.filter((page) => page.free).map(({ id }) => id),
    )
  })
})
