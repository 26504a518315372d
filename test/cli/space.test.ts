import assert from 'node:assert/strict'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { fixture } from '../support/fixtures.ts'
import { etcdsnap } from './spawn.ts'

const backup = join(fixture('3.5.30', 'keyspace').dir, 'backup-written.db')
const kubernetes = join(fixture('3.6.14', 'kubernetes').dir, 'backup.db')

function card(...args: string[]): string {
  const { status, stdout, stderr } = etcdsnap(['inspect', 'space', ...args])
  assert.equal(status, 0, stderr)
  return stdout
}

/** The last column of the table of groups. */
function groups(...args: string[]): string[] {
  const [, table = ''] = card(...args)
    .trimEnd()
    .split('\n\n')
  const [head = '', ...rows] = table.split('\n')
  const at = Math.max(
    ...['PREFIX', 'KIND', 'NAMESPACE', 'KEY'].map((title) => head.lastIndexOf(title)),
  )
  return rows.map((row) => row.slice(at))
}

describe('inspect space shows', () => {
  test('what is live, history and free, and what could be given back', () => {
    const text = card(backup)
    assert.match(text, /^ {2}size +64 KiB \(65536 bytes\) {3}16 pages of 4 KiB$/m)
    assert.match(text, /^ {2}live .* 85 keys$/m)
    assert.match(text, /^ {2}history .* 48 deletions$/m)
    assert.match(text, /^ {2}compaction +at revision 43 would remove 103 rows, /m)
    assert.match(text, /^ {2}defragment +would leave some \d+ KiB, \d+ KiB less;$/m)
  })

  test('prefixes, as deep as asked, the separator too', () => {
    assert.deepEqual(groups(backup, '--depth', '0'), ['(no prefix)'])
    assert.deepEqual(groups(backup, '--depth', '1', '--sort', 'keys', '--top', '2').slice(0, 2), [
      'many/',
      '(no prefix)',
    ])
    assert.ok(groups(backup, '--depth', '3', '--top', '100').includes('/registry/pods/default/'))
    assert.ok(groups(backup, '--separator', 'ed/', '--depth', '1').includes('leased/'))
  })

  test('keys, by what is asked', () => {
    assert.equal(groups(backup, '--by', 'key')[0], 'overflow')
    assert.equal(groups(backup, '--by', 'key', '--sort', 'changes')[0], 'updated')
    assert.equal(groups(backup, '--by', 'key', '--sort', 'records')[0], 'd1')
    const [first, rest, ...none] = groups(backup, '--by', 'key', '--top', '1')
    assert.deepEqual([first, rest?.replace(/\d+/, 'n'), none], ['overflow', '… n more', []])
  })

  test('kinds and namespaces of Kubernetes, of encrypted objects too', () => {
    const kinds = groups(kubernetes, '--by', 'kind', '--top', '100')
    for (const kind of [
      'v1 Pod',
      'apps/v1 Deployment',
      'encrypted secrets',
      'example.com/v1 Widget',
    ]) {
      assert.ok(kinds.includes(kind), kind)
    }
    const namespaces = groups(kubernetes, '--by', 'namespace', '--top', '100')
    for (const name of [
      'shop',
      'kube-system',
      '(the whole cluster)',
      '(no object of Kubernetes)',
    ]) {
      assert.ok(namespaces.includes(name), name)
    }
    assert.deepEqual(groups(backup, '--by', 'kind'), ['(no object of Kubernetes)'])
  })

  test('no control character', () => {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what must not be there
    assert.doesNotMatch(card(backup, '--by', 'key', '--top', '1000'), /[\x00-\x09\x0b-\x1f\x7f]/)
  })
})
