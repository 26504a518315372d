import assert from 'node:assert/strict'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { etcdsnap, root } from '../cli/spawn.ts'
import { listFixtures } from '../fixtures/open.ts'
import { fixture } from '../support/fixtures.ts'
import { tempDir } from '../support/temp-dir.ts'
import { DAMAGES } from './fixtures.ts'
import { assertMatches, parse, parseYaml } from './schemas.ts'

process.chdir(root)

const space = (...args: string[]) => etcdsnap(['inspect', 'space', ...args])

interface Usage {
  readonly live: { readonly keys: number; readonly bytes: number }
  readonly history: { readonly records: number; readonly bytes: number }
  readonly changes: number
}

/** The sum of usages, number by number. */
function sum(usages: readonly Usage[]): Usage {
  return usages.reduce(
    (a, b) => ({
      live: { keys: a.live.keys + b.live.keys, bytes: a.live.bytes + b.live.bytes },
      history: {
        records: a.history.records + b.history.records,
        bytes: a.history.bytes + b.history.bytes,
      },
      changes: a.changes + b.changes,
    }),
    { live: { keys: 0, bytes: 0 }, history: { records: 0, bytes: 0 }, changes: 0 },
  )
}

describe('etcdsnap inspect space', () => {
  for (const by of ['prefix', 'kind', 'namespace', 'key']) {
    test(`--json --by ${by} of every db is what the schema says, and adds up`, () => {
      for (const [version, scenario] of listFixtures()) {
        const { dir, truth } = fixture(version, scenario)
        for (const path of Object.keys(truth.status)) {
          const { status, stdout } = space('--json', '--by', by, '--top', '5', join(dir, path))
          assert.equal(status, 0, path)
          const document = parse(stdout)
          assertMatches('space.json', document)
          const { live, history, changes, groups, rest, buckets } = document
          const parts = [...(groups as Usage[]), ...(rest ? [rest as Usage] : [])]
          assert.deepEqual(sum(parts), { live, history, changes })
          const keys = (buckets as { name: string; keys: number; bytes: number }[]).find(
            ({ name }) => name === 'key',
          )
          const { live: shown, history: past } = document as unknown as Usage
          assert.equal(shown.keys + past.records, keys?.keys)
          assert.equal(shown.bytes + past.bytes, keys?.bytes)
        }
      }
    })
  }

  test('-o ndjson and -o yaml print the same', () => {
    const path = join(fixture('3.6.14', 'keyspace').dir, 'backup-written.db')
    const { stdout } = space('--json', '--top', '3', path)
    const document = parse(stdout)
    assert.deepEqual(parseYaml(space('-o', 'yaml', '--top', '3', path).stdout), document)
    const text = space('-o', 'ndjson', '--top', '3', path).stdout
    const lines = text.trimEnd().split('\n').map(parse)
    for (const line of lines) assertMatches('space.json#/$defs/line', line)
    const { groups, rest, findings, counts, ...head } = document
    assert.deepEqual(findings, [])
    assert.deepEqual(lines, [
      { type: 'header', ...head },
      ...(groups as object[]),
      { type: 'summary', rest, counts },
    ])
  })

  for (const [name, damage] of Object.entries(DAMAGES)) {
    test(`--json of ${name}`, () => {
      const { status, stdout } = space('--json', damage(tempDir()))
      assert.ok(status === 0 || status === 1 || status === 3, `${status}`)
      assertMatches('space.json', parse(stdout))
    })
  }

  test('ends with 3, and a document, when there is no db', () => {
    for (const path of ['/nowhere/at-all', 'docs', 'package.json']) {
      const { status, stdout } = space('--json', path)
      assert.equal(status, 3)
      assertMatches('space.json', parse(stdout))
    }
  })

  for (const flags of [['--depth', '-1'], ['--separator='], ['--top', 'x'], ['--by', 'size']]) {
    test(`ends with 2 for ${flags.join(' ')}`, () => {
      assert.equal(space(...flags, 'x.db').status, 2)
    })
  }
})
