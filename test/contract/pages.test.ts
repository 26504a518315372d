import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { etcdsnap, root } from '../cli/spawn.ts'
import { tempDir } from '../support/temp-dir.ts'
import { DAMAGES, fixtureArtefacts, MEMBER } from './fixtures.ts'
import { assertMatches, parse, parseYaml } from './schemas.ts'

process.chdir(root)

const pages = (...args: string[]) => etcdsnap(['inspect', 'pages', ...args])

/** Numbers of the first pages of every db. */
const FIRST = ['0', '1', '2', '3']

describe('etcdsnap inspect pages', () => {
  test('--json of every db is what the schema says', () => {
    const paths = fixtureArtefacts().filter((path) => /\.db$|\/db$/.test(path))
    assert.ok(paths.length > 30)
    for (const path of paths) {
      const { status, stdout } = pages('--json', path)
      assert.equal(status, 0, path)
      const document = parse(stdout)
      assertMatches('pages.json', document)
      assert.equal((document.pages as object[]).length, document.highWaterMark)
      assertMatches('pages.json', parse(pages('--json', path, ...FIRST, '--values=hash').stdout))
    }
  })

  for (const [name, damage] of Object.entries(DAMAGES)) {
    if (!/ db|data dir/.test(name)) continue
    test(`--json of ${name}`, () => {
      const path = damage(tempDir())
      const { status, stdout } = pages('--json', path)
      const document = parse(stdout)
      assertMatches('pages.json', document)
      const isDamaged = (document.findings as { severity: string }[]).some(
        ({ severity }) => severity === 'error',
      )
      assert.equal(status === 1 || status === 3, isDamaged)
      if (document.pages === undefined) return
      for (const { id } of (document.pages as { id: number }[]).slice(0, 8)) {
        assertMatches('pages.json', parse(pages('--json', '--hex', path, String(id)).stdout))
      }
    })
  }

  test('-o ndjson and -o yaml print the same, of the list and of pages', () => {
    for (const ids of [[], FIRST]) {
      const document = parse(pages('--json', MEMBER, ...ids).stdout)
      assert.deepEqual(parseYaml(pages('-o', 'yaml', MEMBER, ...ids).stdout), document)
      const lines = pages('-o', 'ndjson', MEMBER, ...ids)
        .stdout.trimEnd()
        .split('\n')
        .map(parse)
      for (const line of lines) assertMatches('pages.json#/$defs/line', line)
      const { pages: rows, findings, counts, ...head } = document
      assert.deepEqual(findings, [])
      const all = [{ type: 'header', ...head }, ...(rows as object[]), { type: 'summary', counts }]
      assert.deepEqual(lines, all)
    }
  })

  test('--stats', () => {
    const document = parse(pages('--json', '--stats', MEMBER).stdout)
    assertMatches('pages.json', document)
    const lines = pages('-o', 'ndjson', '--stats', MEMBER).stdout.trimEnd().split('\n').map(parse)
    assert.deepEqual(lines.at(-1)?.stats, document.stats)
  })

  test('ends with 3, and a document, when there is no db', () => {
    for (const path of ['/nowhere/at-all', 'docs', 'package.json']) {
      const { status, stdout } = pages('--json', path)
      assert.equal(status, 3)
      assertMatches('pages.json', parse(stdout))
    }
  })

  for (const args of [['x'], ['-1'], ['99999'], ['--hex'], ['--stats', '0']]) {
    test(`ends with 2 for ${args.join(' ')}`, () => {
      const { status, stdout } = pages('--json', MEMBER, ...args)
      assert.equal(status, 2)
      assert.equal(stdout, '')
    })
  }
})
