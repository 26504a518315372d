import assert from 'node:assert/strict'
import { cpSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { fixture } from '../support/fixtures.ts'
import { tempDir } from '../support/temp-dir.ts'
import { etcdsnap, root } from './spawn.ts'

const cluster = join(root, 'test/fixtures/3.5.30/cluster/m1')

function table(path: string, columns: number): string[] {
  const { stdout } = etcdsnap(['inspect', 'members', path], { env: { COLUMNS: String(columns) } })
  return stdout.split('\n')
}

describe('inspect members shows', () => {
  for (const columns of [80, 200]) {
    test(`a column for each source, in ${columns} columns`, () => {
      const lines = table(cluster, columns)
      const head = lines.find((line) =>
        /^ +ID.* SNAP +V2STORE +WALSNAP +WAL +DB +DBCONF$/.test(line),
      )
      assert.ok(head, lines.join('\n'))
      assert.ok(lines.some((line) => / m1 \(this\)/.test(line)))
      assert.ok(lines.some((line) => /( learner){2}/.test(line.replace(/ +/g, ' '))))
      const own = lines.filter((line) => !line.includes(cluster))
      for (const line of own) assert.ok(line.length <= columns, line)
    })
  }

  test('which etcd goes by which of them', () => {
    const text = table(cluster, 200).join('\n')
    assert.match(
      text,
      /etcd ≤ 3\.5 +goes by V2STORE \+ WAL for the members, by SNAP \+ WAL for raft/,
    )
    assert.match(text, /etcd 3\.6 +goes by DB \+ WAL for the members, by SNAP \+ WAL for raft/)
    assert.match(text, /etcd ≥ 3\.7 +goes by DB \+ WAL\n/)
  })

  test('only the sources that there are', () => {
    const wal = table(join(cluster, 'member/wal'), 80).join('\n')
    assert.match(wal, /ID +NAME +WALSNAP +WAL\n/)
    assert.doesNotMatch(wal, /goes by/)
    const db = table(join(cluster, 'member/snap/db'), 80).join('\n')
    assert.match(db, /ID +NAME +DB +DBCONF\n/)
  })

  test('zombies as findings, and what a restore leaves as normal', () => {
    const old = table(join(fixture('3.4.23', 'restored').dir, 'started'), 80).join('\n')
    assert.match(old, /warning: Zombie member \(MEMBER_ZOMBIE\)\n/)
    const today = table(join(root, 'test/fixtures/3.6.14/restored/started'), 80).join('\n')
    assert.doesNotMatch(today, /MEMBER_/)
    assert.match(today, /normal +differences that are as they should be\n +DBCONF: /)
  })

  test('one file, from standard input too', () => {
    const [segment = ''] = readdirSync(join(cluster, 'member/wal'))
    for (const file of [`member/wal/${segment}`, 'member/snap/db']) {
      const input = readFileSync(join(cluster, file))
      const { status, stdout } = etcdsnap(['inspect', 'members', '-'], { input })
      assert.equal(status, 0)
      assert.match(stdout, / m1 /)
    }
  })

  test('the WAL of a data dir that keeps it elsewhere', () => {
    const dataDir = tempDir()
    const wal = tempDir()
    cpSync(join(cluster, 'member/snap'), join(dataDir, 'member/snap'), { recursive: true })
    cpSync(join(cluster, 'member/wal'), wal, { recursive: true })
    const { status, stdout } = etcdsnap(['inspect', 'members', dataDir, '--wal-dir', wal])
    assert.equal(status, 0)
    assert.match(stdout, /WALSNAP/)
    const without = etcdsnap(['inspect', 'members', dataDir])
    assert.equal(without.status, 1)
    assert.match(without.stdout, /MEMBER_NO_WAL/)
  })
})
