import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { fixture } from '../support/fixtures.ts'
import { tempFile } from '../support/temp-dir.ts'
import { etcdsnap, root } from './spawn.ts'

const member = join(root, 'test/fixtures/3.6.14/cluster/m1')
const db = join(member, 'member/snap/db')

function table(...args: string[]): string {
  const { stdout } = etcdsnap(['inspect', 'pages', ...args], { env: { COLUMNS: '80' } })
  return stdout
}

describe('inspect pages shows', () => {
  test('a line a page, of 80 columns at most', () => {
    const text = table(db)
    assert.match(text, /^PAGE {2}KIND +ELEMENTS +OVERFLOW +BUCKET +CONTENT\n/)
    assert.match(text, /\n +1 +meta +0 +txid \d+, active\n/)
    assert.match(text, /\n +\d+ +leaf +56 +key +revision 3 to 54\n/)
    assert.match(text, /\n +\d+ +free\n/)
    for (const line of text.split('\n')) assert.ok(line.length <= 80, line)
  })

  test('overflow pages as a number', () => {
    const large = join(fixture('3.6.14', 'large-value').dir, 'data')
    const text = table(large)
    assert.match(text, /\n +5 +leaf +3 +293 +key +revision 2 to 4\n/)
    assert.doesNotMatch(text, / overflow /)
    const { stdout } = etcdsnap(['inspect', 'pages', '-o', 'ndjson', large])
    const overflow = stdout.split('\n').filter((line) => line.includes('"overflowOf":5'))
    assert.equal(overflow.length, 293)
  })

  test('a page in detail: rows with their revisions and keys', () => {
    const text = table(db, '4')
    assert.match(text, /^page 4 {2}leaf\n/)
    assert.match(text, /\n {2}bucket +key\n {2}path +4\n/)
    assert.match(text, /\n {2}# +AT +REVISION +KEY +VALUE\n/)
    assert.match(text, /\n {2}1 +949 +4 +\/registry\/pods\/default\/web-0 +15 bytes\n/)
    assert.match(text, / 13\.1 +d3 {2}\(deleted\)\n/)
  })

  test('values and bytes when asked', () => {
    assert.match(table(db, '4', '--values', 'text'), /8 bytes {2}v1 again\n/)
    const hex = table(db, '0', '--hex')
    assert.match(hex, /\n00000010 {2}ed da 0c ed 02 00 00 00 .* \|\.{7}/)
    assert.match(hex, /\n\*\n00000ff0 /)
  })

  test('a db from standard input, with page numbers and without', () => {
    const input = readFileSync(db)
    const run = (...args: string[]) => etcdsnap(['inspect', 'pages', '-', ...args], { input })
    assert.equal(run().stdout, etcdsnap(['inspect', 'pages', db]).stdout)
    assert.match(run('4').stdout, /^page 4 {2}leaf\n/)
    const piped = etcdsnap(['inspect', 'pages', db], { input: '4' })
    assert.match(piped.stdout, /^PAGE /)
  })

  test('what buckets use', () => {
    const text = table(member, '--stats')
    assert.match(text, /pages +2 meta/)
    assert.match(text, /\n +key +56 +1 +0 +1 +0 +4 KiB +2\.9 KiB \(72 %\)\n/)
    assert.match(text, /\n +members +4 +1 +0 +0 +0 +inline +659 B\n/)
  })

  test('a damaged page with what is wrong with it, in its line and when it is asked for', () => {
    const bytes = readFileSync(db)
    bytes.writeUInt16LE(0x40, 4 * 4096 + 8)
    const damaged = tempFile('db', bytes)
    const list = etcdsnap(['inspect', 'pages', damaged])
    assert.equal(list.status, 1)
    assert.match(list.stdout, /\n +4 +unknown +56 +key +DB_PAGE_TYPE\n/)
    assert.match(list.stdout, /error: Page of the wrong type \(DB_PAGE_TYPE\)/)
    assert.equal(etcdsnap(['inspect', 'pages', damaged, '4']).status, 1)
    assert.equal(etcdsnap(['inspect', 'pages', damaged, '3']).status, 0)
  })
})
