import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { fixture, fixtureFile } from '../support/fixtures.ts'
import { bin, etcdsnap, plainEnv, root, temporaryDirectory } from './spawn.ts'

const backup = join(fixture('3.5.30', 'keyspace').dir, 'backup-written.db')
const kubernetes = join(fixture('3.6.14', 'kubernetes').dir, 'backup.db')
const cluster = join(root, 'test', 'fixtures', '3.5.30', 'cluster', 'm1')

const HEAD = '   MOD  CREATE  VERSION      SIZE  KEY'

function table(...args: string[]): string[] {
  const { status, stdout, stderr } = etcdsnap(['inspect', 'keys', ...args])
  assert.equal(status, 0, stderr)
  return stdout.trimEnd().split('\n')
}

/** The keys as the table shows them. */
function names(...args: string[]): string[] {
  const [head, ...rows] = table(...args)
  assert.equal(head, HEAD)
  return rows.map((row) => row.slice(HEAD.length - 3).replace(/ {2}lease .*/, ''))
}

describe('inspect keys chooses keys', () => {
  test('by key, prefix and range, any of them', () => {
    assert.deepEqual(names(backup, '--prefix', 'a/'), ['a/', 'a/b', 'a/b/c'])
    assert.deepEqual(names(backup, '--range', 'a/b..d1'), ['a/b', 'a/b/c'])
    assert.deepEqual(names(backup, '--key', 'k1', '--key', 'z'), ['k1', 'z'])
    assert.deepEqual(names('--key', '\\x00\\x01\\xff', backup), ['\\x00\\x01\\xff'])
    assert.deepEqual(names(backup, '--range', 'z..'), ['z', 'ключ', '\\xff\\xff'])
  })

  test('by a regular expression, besides', () => {
    assert.deepEqual(names(backup, '--regex', '^t[15]$'), ['t1', 't5'])
    assert.deepEqual(names(backup, '--regex', '/b', '--prefix', 'a/'), ['a/b', 'a/b/c'])
    assert.deepEqual(names(backup, '--regex', '^\\x00\\x01'), ['\\x00\\x01\\xff'])
  })

  test('as they were at a revision', () => {
    assert.deepEqual(names(backup, '--rev', '3'), ['k1'])
    assert.deepEqual(names(backup, '--rev', '1'), [])
    assert.deepEqual(names(backup, '--rev', '0'), names(backup))
    assert.deepEqual(names(backup, '--rev', '43'), names(backup))
  })

  test('with their history, the deletions too', () => {
    const [, ...rows] = table(backup, '--history', '--key', 'd1')
    assert.deepEqual(
      rows.map((row) => row.split(/ +/).slice(1)),
      [
        ['8', '8', '1', '2', 'd1'],
        ['12', '-', '-', 'deleted', 'd1'],
        ['14', '14', '1', '28', 'd1'],
        ['15', '-', '-', 'deleted', 'd1'],
        ['40', '40', '1', '30', 'd1'],
        ['41', '-', '-', 'deleted', 'd1'],
        ['42', '42', '1', '13', 'd1'],
      ],
    )
  })

  test('of a data dir, of a packed file and of standard input', (t) => {
    assert.deepEqual(names(join(cluster, 'member', 'snap', 'db')), names(cluster))
    const packed = join(temporaryDirectory(t), 'backup.db.gz')
    writeFileSync(packed, gzipSync(readFileSync(backup)))
    assert.deepEqual(names(packed), names(backup))
    const { stdout } = etcdsnap(['inspect', 'keys', '-'], { input: readFileSync(backup) })
    assert.equal(stdout, `${table(backup).join('\n')}\n`)
  })
})

describe('inspect keys sorts', () => {
  const all = names(backup)

  test('by key in the order of bytes, and the other way round', () => {
    assert.deepEqual(names(backup, '--sort', 'key'), all)
    assert.deepEqual(names(backup, '--reverse'), all.toReversed())
    assert.deepEqual(names(backup, '--reverse', '--limit', '2'), ['\\xff\\xff', 'ключ'])
  })

  test('by size and by revision', () => {
    assert.deepEqual(names(backup, '--sort', 'size', '--reverse', '--limit', '1'), ['overflow'])
    assert.deepEqual(names(backup, '--sort', 'create', '--limit', '2'), [
      'k1',
      '/registry/pods/default/web-0',
    ])
    assert.deepEqual(names(backup, '--sort', 'mod', '--reverse', '--limit', '2'), ['updated', 'd1'])
    assert.deepEqual(names(backup, '--sort', 'version', '--reverse', '--limit', '1'), ['updated'])
  })

  test('not at all in the order of the file, which has every revision', () => {
    const rows = table(backup, '--order', 'revision').slice(1)
    const sorted = table(backup, '--history', '--sort', 'mod').slice(1)
    assert.ok(rows.length > all.length)
    assert.deepEqual(rows.toSorted(), sorted.toSorted())
    const revisions = rows.map((row) => Number(row.trim().split(' ')[0]))
    assert.deepEqual(
      revisions,
      revisions.toSorted((a, b) => a - b),
    )
  })
})

describe('inspect keys shows', () => {
  test('no control character', () => {
    const flags = ['--values', 'text', '--decode', 'auto', '--history']
    const { stdout } = etcdsnap(['inspect', 'keys', backup, ...flags])
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what must not be there
    assert.doesNotMatch(stdout, /[\x00-\x09\x0b-\x1f\x7f]/)
    assert.match(stdout, /\\x1b\[31mred/)
  })

  test('leases', () => {
    const [, row = ''] = table(backup, '--key', 'leased/c')
    assert.match(row, /leased\/c {2}lease 0000000000001b5a$/)
  })

  test('values below their keys, when asked', () => {
    assert.equal(table(backup, '--key', 'd1', '--values', 'text')[2], '    and once more')
    assert.match(
      table(backup, '--key', 'd1', '--values', 'hash')[2] ?? '',
      /^ {4}sha256 [0-9a-f]{64}$/,
    )
    const { stdout } = etcdsnap(['inspect', 'keys', backup])
    assert.doesNotMatch(stdout, /once more/)
  })

  test('which objects values are', () => {
    const lines = table(kubernetes, '--decode', 'k8s', '--prefix', '/kubernetes.io/')
    assert.match(
      lines[2] ?? '',
      /^ {4}v1 Namespace openshift-etcd {2}created [-:T0-9]+Z {2}protobuf$/,
    )
    assert.match(lines[6] ?? '', /^ {4}aescbc v1 key key1 {2}encrypted$/)
  })

  test('how many there are', () => {
    assert.deepEqual(table(backup, '--count'), [String(names(backup).length)])
    assert.deepEqual(table(backup, '--count', '--prefix', 'a/'), ['3'])
    const rows = table(backup, '--order', 'revision').length - 1
    assert.deepEqual(table(backup, '--count', '--order', 'revision'), [String(rows)])
    assert.deepEqual(table(backup, '--count', '--history'), [String(rows)])
  })
})

describe('inspect keys --raw', () => {
  const raw = (...args: string[]) =>
    spawnSync(process.execPath, [bin, 'inspect', 'keys', backup, '--raw', ...args], {
      env: plainEnv,
    })

  test('writes the bytes of one value and nothing else', () => {
    const { status, stdout, stderr } = raw('--key', '\\xff\\xff')
    assert.equal(status, 0, String(stderr))
    const json = etcdsnap([
      'inspect',
      'keys',
      backup,
      '--key',
      '\\xff\\xff',
      '--values',
      'base64',
      '--json',
    ])
    const [{ value }] = JSON.parse(json.stdout).keys
    assert.deepEqual(stdout, Buffer.from(value.base64, 'base64'))
    assert.equal(
      String(raw('--key', 'd1', '--rev', '9').stdout),
      String(raw('--key', 'd1', '--rev', '8').stdout),
    )
  })

  test('writes nothing of an empty value, and ends with 0', () => {
    const { status, stdout } = raw('--key', 'empty')
    assert.equal(status, 0)
    assert.equal(stdout.length, 0)
  })

  test('ends with 3 when there is no such key, or was none then', () => {
    for (const args of [
      ['--key', 'nowhere'],
      ['--key', 'd1', '--rev', '13'],
    ]) {
      const { status, stdout, stderr } = raw(...args)
      assert.equal(status, 3)
      assert.equal(stdout.length, 0)
      assert.match(String(stderr), /no such key at revision (43|13)/)
    }
  })

  test('ends with 2 beside what shows more', () => {
    for (const args of [['--key', 'a', '-o', 'json'], ['--key', 'a', '--history'], []]) {
      assert.equal(raw(...args).status, 2)
    }
  })
})

describe('inspect keys of what is damaged', () => {
  test('lists what can be read, and says that keys may be missing', (t) => {
    const bytes = fixtureFile('3.5.30', 'keyspace', 'backup-written.db')
    const at = bytes.indexOf('many/000') & ~4095
    bytes.fill(0xff, at, at + 64)
    const path = join(temporaryDirectory(t), 'backup.db')
    writeFileSync(path, bytes)
    const { status, stdout } = etcdsnap(['inspect', 'keys', path])
    assert.equal(status, 1)
    assert.match(stdout, /^ +3 .* k1$/m)
    assert.match(stdout, /DB_PAGE_/)
    assert.match(stdout, /Keys may be missing/)
  })

  test('ends quietly when its reader has seen enough', () => {
    const script = `"$0" "$1" inspect keys "$2" -o ndjson | head -1; echo "\${PIPESTATUS[0]}"`
    const options = { env: plainEnv, encoding: 'utf8' } as const
    const { stdout } = spawnSync('bash', ['-c', script, process.execPath, bin, backup], options)
    const [header = '', status] = stdout.trimEnd().split('\n')
    assert.equal(JSON.parse(header).type, 'header')
    assert.ok(status === '0' || status === '141', status)
  })
})
