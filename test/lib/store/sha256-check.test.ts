import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { describe, it } from 'node:test'
import { Findings } from '../../../src/lib/findings/findings.ts'
import { MemorySource } from '../../../src/lib/io/source.ts'
import { readStoreFile } from '../../../src/lib/store/read-store.ts'
import type { Sha256Trailer } from '../../../src/lib/store/sha256-trailer.ts'
import { fixtureFile } from '../../support/fixtures.ts'

const backup = fixtureFile('3.5.30', 'restored', 'backup.db')
const pages = backup.subarray(0, -32)
const trailer = backup.subarray(-32)
const hex = trailer.toString('hex')
const memberDb = fixtureFile('3.5.30', 'restored', 'started/member/snap/db')

function check(bytes: Buffer): { sha256: Sha256Trailer | undefined; found: string[] } {
  const findings = new Findings()
  const { sha256 } = readStoreFile(new MemorySource('backup.db', bytes), findings)
  const found = findings.list
    .filter(({ id }) => id.startsWith('DB_SHA256'))
    .map(({ id, offset }) => `${id} ${offset}`)
  return { sha256, found }
}

function flipped(at: number): Buffer {
  const copy = Buffer.from(backup)
  copy[at] = (copy[at] as number) ^ 1
  return copy
}

describe('SHA-256 of a backup', () => {
  it('is that of everything before it', () => {
    assert.deepEqual(check(backup), {
      sha256: { present: true, stored: hex, computed: hex, ok: true },
      found: [],
    })
  })

  it('shows a changed byte wherever it is', () => {
    for (const at of [5, 4096 + 20, pages.length - 1]) {
      const { sha256, found } = check(flipped(at))
      assert.equal(sha256?.ok, false)
      assert.equal(sha256?.stored, hex)
      const computed = createHash('sha256').update(flipped(at).subarray(0, -32)).digest('hex')
      assert.equal(sha256?.computed, computed)
      assert.match(String(sha256?.reason), /changed since the backup was taken/)
      assert.deepEqual(found, [`DB_SHA256_MISMATCH ${pages.length}`])
    }
  })

  const wrong: [string, Buffer, RegExp, string][] = [
    [
      'a trailer of zeros',
      Buffer.concat([pages, Buffer.alloc(32)]),
      /last 32 bytes are zeros/,
      `DB_SHA256_MISMATCH ${pages.length}`,
    ],
    [
      'zeros up to the end of a sector',
      Buffer.concat([backup, Buffer.alloc(480)]),
      /the right one stands behind the last page: 480 bytes were appended/,
      `DB_SHA256_MISMATCH ${pages.length}`,
    ],
    [
      'a trailer written twice',
      Buffer.concat([backup, trailer]),
      /behind the last page: 32 bytes were appended/,
      `DB_SHA256_MISMATCH ${pages.length}`,
    ],
    [
      'bytes appended by a transfer',
      Buffer.concat([backup, Buffer.from('\r\n')]),
      /behind the last page: 2 bytes were appended/,
      `DB_SHA256_MISMATCH ${pages.length}`,
    ],
    [
      'a sector of zeros appended',
      Buffer.concat([backup, Buffer.alloc(512)]),
      /behind the last page: 512 bytes were appended/,
      `DB_SHA256_MISMATCH ${pages.length + 512}`,
    ],
    [
      'a page put in before it',
      Buffer.concat([pages, Buffer.alloc(4096, 1), trailer]),
      /right for the first \d+ bytes: 4096 bytes stand between/,
      `DB_SHA256_MISMATCH ${pages.length + 4096}`,
    ],
    [
      'its last 32 bytes cut off',
      pages,
      /backup without its last 32 bytes/,
      `DB_SHA256_CUT ${pages.length}`,
    ],
    [
      'its last 10 bytes cut off',
      backup.subarray(0, -10),
      /10 of its 32 bytes were cut off/,
      `DB_SHA256_CUT ${pages.length}`,
    ],
  ]
  for (const [what, bytes, reason, finding] of wrong) {
    it(`says what is wrong with ${what}`, () => {
      const { sha256, found } = check(bytes)
      assert.notEqual(sha256?.ok, true)
      assert.match(String(sha256?.reason), reason)
      assert.deepEqual(found, [finding])
    })
  }

  it('is missing where pages are', () => {
    const { sha256, found } = check(backup.subarray(0, 9000))
    assert.equal(sha256?.present, false)
    assert.match(String(sha256?.reason), /15576 bytes shorter than its pages/)
    assert.deepEqual(found, [])
  })

  it('takes the end of a cut file for no hash, whatever its length', () => {
    const { sha256, found } = check(backup.subarray(0, 8192 + 32))
    assert.deepEqual([sha256?.present, sha256?.ok], [true, false])
    assert.match(String(sha256?.reason), /16384 bytes too short, and what it ends in is no hash/)
    assert.deepEqual(found, ['DB_SHA256_MISMATCH 8192'])
  })

  it("is not expected of a member's own db", () => {
    const { sha256, found } = check(memberDb)
    assert.equal(sha256?.present, false)
    assert.match(String(sha256?.reason), /copy of a member's db/)
    assert.deepEqual(found, [`DB_SHA256_MISSING ${memberDb.length}`])
  })
})
