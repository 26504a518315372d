import assert from 'node:assert/strict'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import type { Disclosure } from '../../src/lib/report/bytes.ts'
import { VALUE_FORMS } from '../../src/lib/report/bytes.ts'
import { entryDetail } from '../../src/lib/report/entry-detail.ts'
import { toJson } from '../../src/lib/report/json.ts'
import { decodePayload } from '../../src/lib/wal/payload.ts'
import { REQUESTS } from '../../src/lib/wal/request-name.ts'
import { etcdsnap, root } from '../cli/spawn.ts'
import { listFixtures } from '../fixtures/open.ts'
import { DUMP_LOGS_ENTRIES } from '../lib/wal/dump-logs-entries.ts'
import { fixture } from '../support/fixtures.ts'
import { tempDir } from '../support/temp-dir.ts'
import { DAMAGES, MEMBER } from './fixtures.ts'
import { assertMatches, parse, parseYaml, readSchema } from './schemas.ts'

process.chdir(root)

/** A log entry's line, but for where it stands. */
const place = { type: 'entry', term: 2, index: 7, entryType: 'normal', offset: 0, bytes: 8 }
const flags = { committed: true, overwritten: false }

describe('an entry of the log', () => {
  const disclosures: Disclosure[] = [false, true].flatMap((showSecrets) =>
    [undefined, ...VALUE_FORMS].map((values) => ({ values, showSecrets })),
  )
  for (const disclosure of disclosures) {
    test(`with ${toJson(disclosure)}`, () => {
      for (const { type, data } of DUMP_LOGS_ENTRIES) {
        const detail = entryDetail(decodePayload(type, data), disclosure)
        assertMatches('log.json#/$defs/line', parse(toJson({ ...place, ...flags, ...detail })))
      }
    })
  }

  test('has a schema for each request', () => {
    const details = defsOf('log.json')
    const { requestName } = defsOf('common.json') as { requestName: { enum: string[] } }
    for (const { name } of REQUESTS) {
      assert.ok(name in details, name)
      assert.ok(requestName.enum.includes(name), name)
    }
    for (const name of requestName.enum) assert.ok(name in details, name)
  })
})

describe('etcdsnap inspect log', () => {
  const log = (...args: string[]) => etcdsnap(['inspect', 'log', ...args])

  for (const [version, scenario] of listFixtures()) {
    test(`-o ndjson --raw of ${version}/${scenario}`, () => {
      const { dir, truth } = fixture(version, scenario)
      const path = join(dir, Object.keys(truth.wal)[0] as string)
      const { status, stdout } = log('-o', 'ndjson', '--raw', path)
      assert.equal(status, 0)
      const lines = stdout.trimEnd().split('\n').map(parse)
      for (const line of lines) assertMatches('log.json#/$defs/line', line)
      assert.equal(lines[0]?.type, 'header')
      assert.equal(lines.at(-1)?.type, 'summary')
    })
  }

  for (const [name, damage] of Object.entries(DAMAGES)) {
    if (!/segment|torn|record|length|zeros|WAL|damage/.test(name)) continue
    test(`-o ndjson --raw of ${name}`, () => {
      const { stdout } = log('-o', 'ndjson', '--raw', damage(tempDir()))
      for (const line of stdout.trimEnd().split('\n')) {
        assertMatches('log.json#/$defs/line', parse(line))
      }
    })
  }

  test('--json and -o yaml print the same, as one document', () => {
    const broken = DAMAGES['a data dir full of damage']?.(tempDir()) as string
    const lines = log('-o', 'ndjson', '--raw', broken).stdout.trimEnd().split('\n').map(parse)
    const json = log('--json', '--raw', broken)
    const yaml = log('-o', 'yaml', '--raw', broken)
    assert.equal(json.status, 1)
    assert.equal(yaml.status, 1)
    const document = parse(json.stdout)
    assertMatches('log.json', document)
    assert.deepEqual(parseYaml(yaml.stdout), document)
    const { entries, findings, counts, ...head } = document
    assert.deepEqual(lines, [
      { type: 'header', ...head },
      ...(entries as object[]),
      ...(findings as object[]).map((finding) => ({ type: 'finding', ...finding })),
      { type: 'summary', counts },
    ])
  })

  test('adds what a stream decoder answers', () => {
    const { status, stdout } = log(
      '--json',
      '--limit=2',
      '--stream-decoder=sed -u s/^/OK|/',
      MEMBER,
    )
    assert.equal(status, 0)
    const document = parse(stdout)
    assertMatches('log.json', document)
    const [entry] = document.entries as { decoder: { status: string } }[]
    assert.equal(entry?.decoder.status, 'OK')
  })

  test('ends with 3, and a document, when there is no log', () => {
    for (const path of ['/nowhere/at-all', 'docs']) {
      const { status, stdout } = log('--json', path)
      assert.equal(status, 3)
      assertMatches('log.json', parse(stdout))
    }
  })

  const misuses = ['--type=Foo', '--start-index=-1', '--term=x', '--range=a', '--from-end=-1']
  for (const flag of misuses) {
    test(`ends with 2 for ${flag}`, () => {
      const { status, stdout, stderr } = log('--json', flag, MEMBER)
      assert.equal(status, 2)
      assert.equal(stdout, '')
      assert.match(stderr, /^etcdsnap: /)
    })
  }
})

function defsOf(schema: string): Record<string, unknown> {
  return readSchema(schema).$defs as Record<string, unknown>
}
