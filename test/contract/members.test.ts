import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { etcdsnap, root } from '../cli/spawn.ts'
import { tempDir } from '../support/temp-dir.ts'
import { DAMAGES, fixtureArtefacts, MEMBER } from './fixtures.ts'
import { assertMatches, parse, parseYaml } from './schemas.ts'

process.chdir(root)

const members = (...args: string[]) => etcdsnap(['inspect', 'members', ...args])

describe('etcdsnap inspect members', () => {
  test('--json of every fixture is what the schema says', () => {
    const paths = fixtureArtefacts()
    assert.ok(paths.length > 100)
    for (const path of paths) {
      const { status, stdout } = members('--json', path)
      assert.equal(status, 0, path)
      const document = parse(stdout)
      assertMatches('members.json', document)
      assert.equal(document.path, path)
      assert.notDeepEqual(document.members, undefined)
    }
  })

  for (const [name, damage] of Object.entries(DAMAGES)) {
    test(`--json of ${name}`, () => {
      const { status, stdout } = members('--json', damage(tempDir()))
      assert.ok(status === 0 || status === 1 || status === 3, `${status}`)
      assertMatches('members.json', parse(stdout))
    })
  }

  test('-o ndjson and -o yaml print the same', () => {
    const { stdout } = members('--json', MEMBER)
    const document = parse(stdout)
    assert.deepEqual(parseYaml(members('-o', 'yaml', MEMBER).stdout), document)
    const lines = members('-o', 'ndjson', MEMBER).stdout.trimEnd().split('\n').map(parse)
    for (const line of lines) assertMatches('members.json#/$defs/line', line)
    const { members: rows, findings, counts, ...head } = document
    assert.deepEqual(lines, [
      { type: 'header', ...head },
      ...(rows as object[]),
      ...(findings as object[]).map((finding) => ({ type: 'finding', ...finding })),
      { type: 'summary', counts },
    ])
  })

  test('ends with 3, and a document, when nothing could tell', () => {
    for (const path of ['/nowhere/at-all', 'docs', 'package.json']) {
      const { status, stdout } = members('--json', path)
      assert.equal(status, 3)
      assertMatches('members.json', parse(stdout))
    }
  })

  test('ends with 2 for a --wal-dir that belongs to nothing', () => {
    const { status, stdout } = members('--json', '--wal-dir=test', `${MEMBER}/member/wal`)
    assert.equal(status, 2)
    assert.equal(stdout, '')
  })
})
