import assert from 'node:assert/strict'
import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { etcdsnap, root, temporaryDirectory } from './spawn.ts'

const fixtures = join(root, 'test', 'fixtures', '3.5.30')
const cluster = join(fixtures, 'cluster', 'm1')
const overwritten = join(fixtures, 'overwritten', 'data')

interface Line {
  readonly type: string
  readonly index: number
  readonly term: number
  readonly request: string
  readonly detail: Readonly<Record<string, unknown>>
  readonly overwritten: boolean
  readonly committed: boolean
  readonly beyondDamage?: boolean
  readonly decoder?: { readonly status: string; readonly data: string }
}

function entries(...args: string[]): Line[] {
  const { status, stdout, stderr } = etcdsnap(['inspect', 'log', '-o', 'ndjson', ...args])
  assert.equal(status, 0, stderr)
  const lines: Line[] = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  return lines.filter(({ type }) => type === 'entry')
}

function table(...args: string[]): string[] {
  const { stdout } = etcdsnap(['inspect', 'log', ...args])
  return stdout.split('\n')
}

describe('inspect log chooses entries', () => {
  const all = entries(cluster)

  test('by index: the start counts, the end does not', () => {
    const some = entries(cluster, '--start-index', '10', '--end-index', '20')
    assert.deepEqual(
      some.map(({ index }) => index),
      Array.from({ length: 10 }, (_, n) => n + 10),
    )
  })

  test('by term', () => {
    const wanted = all.filter(({ term }) => term === 3)
    assert.ok(wanted.length > 0)
    assert.deepEqual(entries(cluster, '--term', '3'), wanted)
  })

  test('by type, ours and those of etcd-dump-logs, the path in front or behind', () => {
    const wanted = all.filter(({ request }) => request === 'put' || request === 'confChange')
    assert.deepEqual(entries('--type', 'put', '--type', 'confChange', cluster), wanted)
    assert.deepEqual(entries(cluster, '--type', 'IRRPut,ConfigChange'), wanted)
    assert.deepEqual(entries(cluster, '--entry-type', 'put,confChange'), wanted)
  })

  test('by key, inside txns too', () => {
    const touching = entries(cluster, '--key', 'k1')
    assert.ok(touching.some(({ request }) => request === 'put'))
    assert.ok(touching.some(({ request }) => request === 'txn'))
    assert.ok(touching.every(({ detail }) => JSON.stringify(detail).includes('"k1"')))
  })

  test('by a key of any bytes', () => {
    const [binary] = entries(cluster, '--key', '\\x00\\x01\\xff')
    assert.deepEqual(binary?.detail.key, { base64: 'AAH/' })
  })

  test('by prefix and by range', () => {
    const leased = entries(cluster, '--prefix', 'leased/')
    assert.ok(leased.length > 1)
    assert.deepEqual(entries(cluster, '--range', 'leased/..leased0'), leased)
  })

  test('from the end, and at most so many', () => {
    const puts = all.filter(({ request }) => request === 'put')
    assert.deepEqual(entries(cluster, '--type', 'put', '--from-end', '5'), puts.slice(-5))
    assert.deepEqual(entries(cluster, '--type', 'put', '--limit', '5'), puts.slice(0, 5))
    assert.deepEqual(
      entries(cluster, '--type', 'put', '--from-end', '5', '--limit', '2'),
      puts.slice(-5, -3),
    )
  })

  test('behind the snapshot that etcd starts from', () => {
    const { stdout } = etcdsnap(['inspect', '--json', cluster])
    const [dir] = JSON.parse(stdout).artefacts
    const start = dir.snaps.find(({ path }: { path: string }) => path === dir.loadedSnap).index
    const some = entries(cluster, '--from-snapshot')
    assert.equal(some[0]?.index, start + 1)
    assert.equal(some.at(-1)?.index, all.at(-1)?.index)
  })
})

describe('inspect log refuses', () => {
  const refusals: readonly (readonly [string, string[], RegExp])[] = [
    ['a type that is none, and lists those there are', ['--type', 'nonsense'], /IRRPut/],
    ['an index that is none', ['--start-index', '-1'], /--start-index/],
    ['an index above 2^64 - 1', ['--start-index', '18446744073709551616'], /2\^64/],
    ['a range without an end mark', ['--range', 'a'], /FROM\.\.TO/],
    ['two starts', ['--start-index', '1', '--from-snapshot'], /contradicts/],
  ]
  for (const [what, flags, expected] of refusals) {
    test(what, () => {
      const { status, stdout, stderr } = etcdsnap(['inspect', 'log', cluster, ...flags])
      assert.equal(status, 2)
      assert.equal(stdout, '')
      assert.match(stderr, expected)
    })
  }

  test('a --wal-dir without a data dir', () => {
    const wal = join(cluster, 'member', 'wal')
    assert.equal(etcdsnap(['inspect', 'log', wal, '--wal-dir', root]).status, 2)
  })

  test('what is no WAL, with 3', () => {
    const { status, stdout } = etcdsnap(['inspect', 'log', join(root, 'package.json')])
    assert.equal(status, 3)
    assert.match(stdout, /FILE_NO_WAL/)
  })
})

describe('inspect log shows', () => {
  test('a line an entry, of 80 columns at most', () => {
    const lines = table(cluster).slice(0, -1)
    assert.match(lines[0] ?? '', /^TERM INDEX {3}TYPE {8}CONTENT$/)
    assert.equal(lines.length, entries(cluster).length + 1)
    assert.ok(lines.every((line) => [...line].length <= 80))
  })

  test('what was overwritten', () => {
    const crossed = entries(overwritten).filter((entry) => entry.overwritten)
    assert.ok(crossed.length > 0)
    assert.ok(crossed.every(({ committed }) => !committed))
    const marked = table(overwritten).filter((line) => /^ *\d+ +\d+ x /.test(line))
    assert.equal(marked.length, crossed.length)
  })

  test('what lies beyond damage, and the damage', (t) => {
    const directory = temporaryDirectory(t)
    cpSync(join(cluster, 'member', 'wal'), directory, { recursive: true })
    const [name = ''] = readdirSync(directory)
    const bytes = readFileSync(join(directory, name))
    bytes[5000] = (bytes[5000] as number) ^ 1
    writeFileSync(join(directory, name), bytes)
    const { status, stdout } = etcdsnap(['inspect', 'log', directory])
    assert.equal(status, 1)
    assert.match(stdout, /^ *\d+ +\d+ ! /m)
    assert.match(stdout, /WAL_BEYOND_DAMAGE/)
  })

  test('values and secrets only when asked', () => {
    const plain = etcdsnap(['inspect', 'log', cluster, '-o', 'ndjson']).stdout
    assert.ok(!plain.includes('"v1"') && plain.includes('"redacted":true'))
    const open = ['--values', 'text', '--show-secrets']
    const shown = etcdsnap(['inspect', 'log', cluster, '-o', 'ndjson', ...open]).stdout
    assert.ok(shown.includes('"text":"v1"') && !shown.includes('"redacted":true'))
  })

  test('no control character of a key', () => {
    const lines = table(cluster, '--key', '\\x00\\x01\\xff')
    assert.ok(lines[1]?.includes('\\x00\\x01\\xff'))
  })

  test('with --detail where each stands and all that it holds', () => {
    const lines = table(cluster, '--type', 'txn', '--limit', '1', '--detail')
    assert.match(lines[2] ?? '', /\.wal offset \d+, \d+ bytes$/)
    assert.ok(lines.some((line) => line.includes('"compare"')))
  })

  test('with --raw every record, the entries that match below theirs', () => {
    const lines = table(cluster, '--raw', '--limit', '2')
    const starts = lines.slice(1, 8).map((line) => line.trim().split(' ')[0])
    assert.deepEqual(starts, ['crc', 'metadata', 'snapshot', 'entry', '1', 'entry', '1'])
  })
})

describe('a stream decoder', () => {
  test('says what payloads are', () => {
    const decoded = entries(cluster, '--stream-decoder', 'sed s/^/OK|/', '--limit', '5')
    assert.equal(decoded.length, 5)
    assert.ok(decoded.every(({ decoder }) => /^[0-9a-f]*$/.test(decoder?.data ?? '-')))
    assert.deepEqual([...new Set(decoded.map(({ decoder }) => decoder?.status))], ['OK'])
  })

  test('that ends early is missed', () => {
    const command = ['inspect', 'log', cluster, '--stream-decoder', 'head -1']
    const { status, stderr } = etcdsnap(command)
    assert.equal(status, 3)
    assert.match(stderr, /unanswered/)
  })

  test('that does not exist is named', () => {
    const command = ['inspect', 'log', cluster, '--stream-decoder', 'no-such-program', '-o', 'json']
    const { status, stderr } = etcdsnap(command)
    assert.equal(status, 3)
    assert.match(stderr, /no-such-program/)
  })
})
