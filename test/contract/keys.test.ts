import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { etcdsnap, root } from '../cli/spawn.ts'
import { listFixtures } from '../fixtures/open.ts'
import { fixture, fixtureFile } from '../support/fixtures.ts'
import { tempDir } from '../support/temp-dir.ts'
import { MEMBER } from './fixtures.ts'
import { assertMatches, parse, parseYaml } from './schemas.ts'

process.chdir(root)

const keys = (...args: string[]) => etcdsnap(['inspect', 'keys', ...args])

/** Every db and backup that some etcdutl was asked about. */
function dbs(): string[] {
  return listFixtures().flatMap(([version, scenario]) => {
    const { dir, truth } = fixture(version, scenario)
    return Object.keys(truth.status).map((path) => join(dir, path))
  })
}

/** A backup of which a page of keys is overwritten. */
function damaged(): string {
  const bytes = fixtureFile('3.5.30', 'keyspace', 'backup-written.db')
  const at = bytes.indexOf('many/000')
  assert.ok(at > 0)
  bytes.fill(0xff, at & ~4095, (at & ~4095) + 64)
  const path = join(tempDir(), 'backup.db')
  writeFileSync(path, bytes)
  return path
}

describe('etcdsnap inspect keys', () => {
  test('-o ndjson --history of every db is what the schema says, line by line', () => {
    const paths = dbs()
    assert.ok(paths.length > 50)
    for (const path of paths) {
      const { status, stdout } = keys('-o', 'ndjson', '--history', '--decode', 'auto', path)
      assert.equal(status, 0, path)
      const lines = stdout.trimEnd().split('\n').map(parse)
      for (const line of lines) assertMatches('keys.json#/$defs/line', line)
      assert.equal(lines[0]?.type, 'header')
      const { type, count } = lines.at(-1) ?? {}
      assert.equal(type, 'summary')
      assert.equal(count, lines.filter((line) => line.type === 'key').length)
    }
  })

  const variants: readonly string[][] = [
    [],
    ['--values', 'text'],
    ['--values', 'hash', '--decode', 'k8s'],
    ['--rev', '20', '--sort', 'size', '--reverse'],
    ['--order', 'revision', '--limit', '9'],
    ['--history', '--prefix', 'd'],
  ]
  for (const flags of variants) {
    test(`--json, -o yaml and -o ndjson print the same with ${flags.join(' ') || 'no flag'}`, () => {
      const path = join(fixture('3.6.14', 'keyspace').dir, 'backup-written.db')
      const { status, stdout } = keys('--json', ...flags, path)
      assert.equal(status, 0)
      const document = parse(stdout)
      assertMatches('keys.json', document)
      assert.deepEqual(parseYaml(keys('-o', 'yaml', ...flags, path).stdout), document)
      const { keys: rows, findings, counts, ...head } = document
      const lines = keys('-o', 'ndjson', ...flags, path)
        .stdout.trimEnd()
        .split('\n')
        .map(parse)
      const count = (rows as object[]).length
      assert.ok(count > 0)
      assert.deepEqual(findings, [])
      assert.deepEqual(lines, [
        { type: 'header', ...head },
        ...(rows as object[]),
        { type: 'summary', count, counts },
      ])
    })
  }

  for (const flags of [[], ['--count'], ['--order', 'revision']]) {
    test(`of a damaged db ends with 1 and says so, with ${flags.join(' ') || 'no flag'}`, () => {
      const path = damaged()
      const { status, stdout } = keys('--json', ...flags, path)
      assert.equal(status, 1)
      const document = parse(stdout)
      assertMatches('keys.json', document)
      assert.equal(document.partial, true)
      assert.ok((document.findings as object[]).length > 0)
      const lines = keys('-o', 'ndjson', ...flags, path)
        .stdout.trimEnd()
        .split('\n')
        .map(parse)
      for (const line of lines) assertMatches('keys.json#/$defs/line', line)
      const summary = lines.at(-1)
      assert.equal(summary?.partial, true)
      assert.deepEqual(summary?.counts, document.counts)
    })
  }

  test('--count is the number of keys that are listed', () => {
    const { stdout } = keys('--json', '--count', MEMBER)
    const document = parse(stdout)
    assertMatches('keys.json', document)
    assert.equal(document.count, (parse(keys('--json', MEMBER).stdout).keys as object[]).length)
  })

  test('ends with 4, and a document, for a revision that a server would refuse', () => {
    const path = join(fixture('3.6.14', 'keyspace').dir, 'backup-compacted.db')
    const refusals = { 1: 'compacted', 1000000: 'is a future revision' }
    for (const [revision, words] of Object.entries(refusals)) {
      const { status, stdout, stderr } = keys('--json', '--rev', revision, path)
      assert.equal(status, 4)
      assertMatches('keys.json', parse(stdout))
      assert.match(stderr, new RegExp(`required revision .*${words}`))
    }
  })

  test('ends with 3, and a document, when there is no db', () => {
    for (const path of ['/nowhere/at-all', 'docs', 'package.json']) {
      const { status, stdout } = keys('--json', path)
      assert.equal(status, 3)
      assertMatches('keys.json', parse(stdout))
    }
  })

  const misuses = [
    ['--rev', '-1'],
    ['--range', 'a'],
    ['--regex', '('],
    ['--order', 'revision', '--reverse'],
    ['--raw', '--key', 'a', '--key', 'b'],
    ['--count', '--limit', '1'],
  ]
  for (const flags of misuses) {
    test(`ends with 2 for ${flags.join(' ')}`, () => {
      const { status, stdout } = keys(...flags, MEMBER)
      assert.equal(status, 2)
      assert.equal(stdout, '')
    })
  }
})
