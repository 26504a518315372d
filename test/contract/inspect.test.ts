import assert from 'node:assert/strict'
import { chmodSync, cpSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, describe, test } from 'node:test'
import { CATALOGUE } from '../../src/lib/findings/catalogue.ts'
import { Findings } from '../../src/lib/findings/findings.ts'
import { readArtefact } from '../../src/lib/member/read-artefact.ts'
import { artefactReport } from '../../src/lib/report/artefact.ts'
import { findingsReport } from '../../src/lib/report/finding.ts'
import { toJson } from '../../src/lib/report/json.ts'
import { etcdsnap, root } from '../cli/spawn.ts'
import { tempDir } from '../support/temp-dir.ts'
import { DAMAGES, fixtureArtefacts, MEMBER } from './fixtures.ts'
import { assertMatches, parse, parseYaml } from './schemas.ts'

process.chdir(root)
const temporary = tempDir()

const damaged = Object.entries(DAMAGES).map(([name, damage], number) => {
  const directory = join(temporary, String(number))
  mkdirSync(directory)
  return { name, path: damage(directory) }
})

/** The document of one artefact, by way of the library. */
async function inspect(path: string) {
  const findings = new Findings()
  findings.artefact = 0
  const artefacts = [artefactReport(await readArtefact(path, findings))]
  const envelope = { schema: 'etcdsnap/v1', kind: 'inspect', tool: { version: '0.0.0' } }
  const document = parse(toJson({ ...envelope, artefacts, ...findingsReport(findings) }))
  return { document, findings }
}

describe('the document of inspect', () => {
  for (const path of fixtureArtefacts()) {
    const name = path.includes('test/fixtures/') ? path.replace(/.*test\/fixtures\//, '') : path
    test(name, async () => {
      const { document, findings } = await inspect(path)
      assertMatches('inspect.json', document)
      assert.equal(findings.of('error'), 0, toJson(findings.list))
    })
  }

  for (const { name, path } of damaged) {
    test(`of ${name}`, async () => {
      assertMatches('inspect.json', (await inspect(path)).document)
    })
  }

  test('has no field that the schema does not have', async () => {
    const { document } = await inspect(MEMBER)
    const [artefact] = document.artefacts as object[]
    assert.throws(() => assertMatches('inspect.json', { ...document, more: 1 }))
    const artefacts = [{ ...artefact, more: 1 }]
    assert.throws(() => assertMatches('inspect.json', { ...document, artefacts }))
  })

  test('names no finding that the catalogue does not have', async () => {
    for (const { path } of damaged) {
      const { findings } = await inspect(path)
      for (const { id } of findings.list) assert.ok(id in CATALOGUE, id)
    }
  })

  test('says which of the artefacts a finding is about', async () => {
    const { findings } = await inspect(damaged.at(-1)?.path as string)
    assert.ok(findings.list.length > 2)
    for (const { artefact } of findings.list) assert.equal(artefact, 0)
  })
})

describe('etcdsnap inspect', () => {
  const paths = [MEMBER, ...damaged.map(({ path }) => path), '/nowhere/at-all', 'package.json']
  let document: Record<string, unknown>

  before(() => {
    const { status, stdout } = etcdsnap(['inspect', '--json', ...paths])
    assert.equal(status, 1)
    document = parse(stdout)
  })

  test('--json prints one document', () => {
    assertMatches('inspect.json', document)
    const artefacts = document.artefacts as { path: string }[]
    assert.deepEqual(
      artefacts.map(({ path }) => path),
      paths,
    )
  })

  test('-o json is the same as --json', () => {
    const { stdout } = etcdsnap(['inspect', '-o', 'json', MEMBER])
    assert.equal(stdout, etcdsnap(['inspect', '--json', MEMBER]).stdout)
  })

  test('-o ndjson prints header, artefacts, findings and summary, a line each', () => {
    const { status, stdout, stderr } = etcdsnap(['inspect', '-o', 'ndjson', ...paths])
    assert.equal(status, 1)
    assert.equal(stderr, '')
    const lines = stdout.trimEnd().split('\n').map(parse)
    for (const line of lines) assertMatches('inspect.json#/$defs/line', line)
    const { artefacts, findings, counts, ...envelope } = document
    assert.deepEqual(lines, [
      { type: 'header', ...envelope },
      ...(artefacts as object[]),
      ...(findings as object[]).map((finding) => ({ type: 'finding', ...finding })),
      { type: 'summary', counts },
    ])
  })

  test('-o yaml prints the same document', () => {
    const { status, stdout } = etcdsnap(['inspect', '-o', 'yaml', ...paths])
    assert.equal(status, 1)
    assert.deepEqual(parseYaml(stdout), document)
  })

  test('prints integers beyond 2^53 digit by digit', () => {
    const wal = join(temporary, 'fffffffffffffffe-20000000000001.wal')
    cpSync(join(MEMBER, 'member/wal/0000000000000000-0000000000000000.wal'), wal)
    for (const format of ['json', 'ndjson', 'yaml']) {
      const { stdout } = etcdsnap(['inspect', '-o', format, wal])
      assert.match(stdout, /"?seq"?: ?18446744073709551614\b/, format)
      assert.match(stdout, /"?firstIndex"?: ?9007199254740993\b/, format)
    }
  })

  test('counts what it does not list', () => {
    const directory = join(temporary, 'many')
    mkdirSync(join(directory, 'member/snap'), { recursive: true })
    cpSync(join(MEMBER, 'member/wal'), join(directory, 'member/wal'), { recursive: true })
    for (let number = 0; number < 103; number++) {
      const name = `000000000000${(number + 4096).toString(16)}-0000000000000001.snap`
      writeFileSync(join(directory, 'member/snap', name), '')
    }
    const listed = (...flags: string[]) => {
      const document = parse(etcdsnap(['inspect', '--json', directory, ...flags]).stdout)
      assertMatches('inspect.json', document)
      assert.equal((document.counts as { FILE_EMPTY: number }).FILE_EMPTY, 103)
      const findings = document.findings as { id: string }[]
      return findings.filter(({ id }) => id === 'FILE_EMPTY').length
    }
    assert.equal(listed(), 100)
    assert.equal(listed('--all-findings'), 103)
  })
})

describe('the exit code of inspect --json', () => {
  const broken = damaged.at(-1)?.path as string
  const cases: [number, string, string[]][] = [
    [0, 'a sound member', [MEMBER]],
    [1, 'damage', [broken]],
    [1, 'damage, and a path that is not there', ['/nowhere/at-all', broken]],
    [3, 'a path that is not there', ['/nowhere/at-all', MEMBER]],
    [3, 'a file that is no artefact', ['package.json']],
    [3, 'a directory that is none', ['docs']],
  ]
  for (const [code, what, paths] of cases) {
    test(`is ${code} for ${what}, and the report is printed`, () => {
      const { status, stdout } = etcdsnap(['inspect', '--json', ...paths])
      assert.equal(status, code)
      assertMatches('inspect.json', parse(stdout))
    })
  }

  test('is 3 for a file that may not be read', { skip: process.getuid?.() === 0 }, () => {
    const path = join(temporary, 'secret.snap')
    writeFileSync(path, 'x')
    chmodSync(path, 0)
    assert.equal(etcdsnap(['inspect', '--json', path]).status, 3)
  })

  const misuses = [['--nosuch'], [], ['--json', '-o', 'yaml', MEMBER], ['-o', 'xml', MEMBER]]
  for (const argv of misuses) {
    test(`is 2 for: inspect ${argv.join(' ')}`, () => {
      const { status, stdout, stderr } = etcdsnap(['inspect', '--json', ...argv])
      assert.equal(status, 2)
      assert.equal(stdout, '')
      assert.match(stderr, /^etcdsnap: /)
    })
  }
})
