import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { crc32c } from '../../src/lib/checksum/crc32c.ts'
import { raftpb, snappb } from '../../src/lib/proto/generated/etcd.js'
import { isPrintable } from '../../src/lib/report/escape.ts'
import { displayWidth } from '../../src/lib/report/width.ts'
import { fixture, fixtureCopy } from '../support/fixtures.ts'
import { tempFile } from '../support/temp-dir.ts'
import { bin, etcdsnap, plainEnv } from './spawn.ts'

/** Members that described themselves before they stopped. */
const DATA_DIRS = [
  ['3.4.23', 'cluster', 'learner'],
  ['3.5.30', 'cluster', 'm1'],
  ['3.5.30', 'overwritten', 'data'],
  ['3.6.14', 'install-snapshot', 'installed'],
  ['3.7.1', 'segments', 'data'],
] as const

/** Members that were killed, and a snapshot on its way. */
const UNFINISHED = [
  ['3.5.30', 'killed', 'data'],
  ['3.6.14', 'install-snapshot', 'installing'],
  ['3.7.1', 'killed', 'data'],
] as const

function inspect(paths: readonly string[], env: NodeJS.ProcessEnv = {}): string {
  const { stdout, stderr } = etcdsnap(['inspect', ...paths], { env: { ...plainEnv, ...env } })
  assert.equal(stderr, '')
  return stdout
}

/** The facts behind a label. */
function field(card: string, label: string): string {
  return new RegExp(`^  ${label} {2,}(.*)$`, 'm').exec(card)?.[1] ?? ''
}

describe('the card of a data dir', () => {
  for (const [version, scenario, artefact] of DATA_DIRS) {
    const { dir, truth } = fixture(version, scenario)
    const card = inspect([join(dir, artefact)])
    const member = truth.expect[artefact]
    assert.ok(member)

    it(`${version} ${scenario}: says who it is and how far it has got`, () => {
      const role = member.isLearner ? 'learner' : 'voter'
      assert.equal(field(card, 'member'), `${member.memberId}   ${member.name}   ${role}`)
      assert.match(field(card, 'cluster'), new RegExp(`^${member.clusterId}   version \\d`))
      assert.match(field(card, 'raft'), /^term \d+ {3}commit \d+ {3}last index \d+/)
    })

    it(`${version} ${scenario}: names every voter and learner with its URLs`, () => {
      for (const { id, name, peerUrls } of truth.cluster.members) {
        assert.match(
          card,
          new RegExp(`(voter|learner) +${id}  ${name}( \\(this\\))? +${peerUrls[0]}`),
        )
      }
    })
  }

  for (const [version, scenario, artefact] of [...DATA_DIRS, ...UNFINISHED]) {
    it(`${version} ${scenario}: fits 80 columns and has no colours`, () => {
      const { dir } = fixture(version, scenario)
      const card = inspect([join(dir, artefact)])
      assert.ok(!card.includes('\x1b'))
      for (const line of card.split('\n')) {
        assert.ok(displayWidth(line) <= 80 || line.includes(dir), line)
      }
    })
  }

  it('shows whole names and client URLs where there is room', () => {
    const { dir, truth } = fixture('3.5.30', 'cluster')
    const wide = inspect([join(dir, 'm1')], { COLUMNS: '200' })
    const [snap] = readdirSync(join(dir, 'm1/member/snap')).filter((name) => name.endsWith('.snap'))
    assert.ok(wide.includes(`  ${snap}\n`))
    assert.ok(wide.includes(truth.cluster.members[0]?.clientUrls[0] as string))
  })

  it('marks the .snap that etcd loads, and says why not the others', () => {
    const copy = fixtureCopy('3.5.30', 'cluster', 'm1')
    const newest = snapsOf(copy).at(-1) as string
    assert.match(inspect([copy]), /ok +[\d.]+ KiB {2}loads it[\s\S]*ok +[\d.]+ KiB {2}older/)
    writeFileSync(newest, '')
    assert.match(inspect([copy]), /– +0 B {2}skips it[\s\S]*ok +[\d.]+ KiB {2}loads it/)
  })

  it('promises nothing behind damage in the WAL', () => {
    const copy = fixtureCopy('3.5.30', 'cluster', 'm1')
    const [segment] = readdirSync(join(copy, 'member/wal'))
    spoil(join(copy, 'member/wal', segment as string), 5000)
    const card = inspect([copy])
    assert.match(field(card, 'state'), /^\d errors?, \d warnings?, 1 note {3}Record/)
    assert.equal(field(card, 'starts at'), 'uncertain: the WAL is damaged')
    assert.match(field(card, 'unreachable'), /^\d+ records {3}\d+ entries {3}index \d+–\d+/)
    assert.match(card, /corrupt at \d+/)
  })

  it('tells what left-over files are', () => {
    const copy = fixtureCopy('3.5.30', 'cluster', 'm1')
    writeFileSync(join(copy, 'member/wal/1.tmp'), '')
    writeFileSync(join(copy, 'member/snap/db.tmp.77'), '')
    writeFileSync(join(copy, 'member/snap/\x1b[31mred'), '')
    const card = inspect([copy])
    assert.match(card, /member\/wal\/1\.tmp +preallocated WAL segment/)
    assert.match(card, /member\/snap\/db\.tmp\.77 +of an interrupted defragmentation/)
    assert.match(card, /member\/snap\/\\x1b\[31mred +unknown to etcd/)
  })
})

describe('the cards of single files', () => {
  const { dir } = fixture('3.5.30', 'cluster')
  const [snap] = snapsOf(join(dir, 'm1'))

  it('a .snap', () => {
    const card = inspect([snap as string])
    assert.match(card, /^raft snapshot {2}/)
    assert.match(field(card, 'raft'), /^term \d+ {3}index \d+$/)
    assert.match(field(card, 'checksum'), /^[0-9a-f]{8} ok$/)
    assert.match(field(card, 'members'), /^3 voters, 1 learner/)
  })

  it('a WAL directory', () => {
    const card = inspect([join(dir, 'm1/member/wal')])
    assert.match(card, /^WAL {2}/)
    assert.match(field(card, 'log'), /^index 1–\d+ {3}\d+ entries$/)
    assert.ok(card.endsWith('\nsound\n'))
  })

  it('a db, with its alarm and its auth', () => {
    const { truth } = fixture('3.5.30', 'cluster')
    const card = inspect([join(dir, 'm1/member/snap/db')])
    assert.match(`${field(card, 'meta 0')} ${field(card, 'meta 1')}`, /txid \d+ {3}ok.*active/)
    assert.equal(field(card, 'SHA-256'), '')
    const [{ memberId } = { memberId: '' }] = truth.cluster.alarms
    assert.equal(field(card, 'ALARMS'), `NOSPACE by member ${memberId}`)
    assert.match(
      field(card, 'auth'),
      /^on {3}revision \d+ {3}users alice, root {3}roles reader, root$/,
    )
    assert.match(card, /^warning: NOSPACE alarm set/m)
    assert.match(card, /^info: Authentication is on/m)
    assert.ok(card.endsWith('\n1 warning, 1 note\n'))
  })

  describe('a backup', () => {
    const { dir: restored, truth } = fixture('3.5.30', 'restored')
    const backup = join(restored, 'backup.db')

    it('with what etcdutl and the server say of it', () => {
      const card = inspect([backup])
      const { hash = 0, revision, totalKey, totalSize = 0 } = truth.backup ?? {}
      assert.equal(field(card, 'SHA-256'), 'ok')
      assert.match(field(card, 'size'), new RegExp(`\\(${totalSize + 32} bytes\\)`))
      assert.match(field(card, 'revision'), new RegExp(`^${revision} `))
      const digits = hash.toString(16).padStart(8, '0')
      assert.match(field(card, 'status hash'), new RegExp(`^${digits} {3}total keys ${totalKey} `))
      const [member] = truth.cluster.members
      assert.match(
        card,
        new RegExp(`voter +${member?.id} +${member?.name} +${member?.peerUrls[0]}`),
      )
      assert.ok(card.endsWith('\nsound\n'))
    })

    it('that was changed: the hash is wrong, and the rest is shown', () => {
      const path = tempFile('backup.db', readFileSync(backup))
      spoil(path, 0x51c5 + 20, 1)
      const card = inspect([path])
      assert.match(field(card, 'state'), /^1 error/)
      assert.match(field(card, 'SHA-256'), /^wrong {3}/)
      assert.match(field(card, '  stored'), /^[0-9a-f]{64}$/)
      assert.match(field(card, 'revision'), new RegExp(`^${truth.backup?.revision} `))
    })

    it('that was cut: no hashes, and what is left', () => {
      const path = tempFile('backup.db', readFileSync(backup))
      truncateSync(path, 5 * 4096 + 100)
      const card = inspect([path])
      assert.match(field(card, 'state'), /^\d errors?\b/)
      assert.match(field(card, 'status hash'), /^none: /)
      assert.match(field(card, 'keys'), /as far as the file can be read$/)
      assert.match(card, /members {7}1 voter/)
    })

    it('fits its card into 80 columns, damaged or not', () => {
      const cut = tempFile('cut.db', readFileSync(backup))
      truncateSync(cut, 5 * 4096 + 100)
      const spoilt = tempFile('spoilt.db', readFileSync(backup))
      spoil(spoilt, 4096 * 4 + 8, 40)
      for (const path of [backup, cut, spoilt]) {
        for (const line of inspect([path]).split('\n')) {
          assert.ok(displayWidth(line) <= 80 || line.includes(path), line)
        }
      }
    })
  })

  it('several, apart from one another, and what nothing could be read of', () => {
    const text = tempFile('notes.txt', 'hello\n')
    const lines = inspect([snap as string, text, '/no/such/path']).split('\n')
    const at = lines.indexOf(`unknown  ${text}`)
    assert.equal(lines[at - 1], '')
    assert.equal(lines[at + 1]?.trim(), 'state         1 error   Not an etcd artefact')
    assert.ok(lines.includes('    cannot stat: no such file or directory'))
  })
})

describe('what a file claims', () => {
  it('never reaches the terminal unescaped', () => {
    const attributes = { name: 'evil\x1b[2J\u202ename', clientURLs: [] }
    const path = snapOf({
      '8e9e05c52164694d': {
        attributes,
        raftAttributes: { peerURLs: ['http://a\x07b:2380'], isLearner: false },
      },
    })
    const card = inspect([path])
    assert.ok(isPrintable(card.replaceAll('\n', '')))
    assert.match(card, /evil\\x1b\[2J\\xe2\\x80\\xaename +http:\/\/a\\x07b:2380/)
  })

  it('does not fill the screen', () => {
    const members = Array.from({ length: 500 }, (_, at) => [
      (at + 1).toString(16),
      { attributes: { name: `m${at}` }, raftAttributes: { peerURLs: [`http://m${at}:2380`] } },
    ])
    const card = inspect([snapOf(Object.fromEntries(members))])
    assert.match(card, /… 488 more, see --json/)
    assert.ok(card.split('\n').length < 40)
  })

  it('keeps URLs whole that are too long for the table', () => {
    const url = `https://${'etcd-0.etcd-headless.kube-system.'.repeat(3)}svc:2380`
    const member = { attributes: { name: 'etcd-0' }, raftAttributes: { peerURLs: [url] } }
    assert.ok(inspect([snapOf({ '8e9e05c52164694d': member })]).includes(`  ${url}\n`))
  })
})

describe('findings', () => {
  const { dir } = fixture('3.5.30', 'cluster')
  const real = readFileSync(snapsOf(join(dir, 'm1'))[0] as string)
  /** The stored checksum begins behind its tag. */
  const CRC_AT = 1
  const damaged = (): string => {
    const path = tempFile('0000000000000004-0000000000000033.snap', real)
    spoil(path, CRC_AT, 1)
    return path
  }

  it('stand together by id, the worst first, with the remedy once', () => {
    const shown = inspect([damaged(), damaged()])
    assert.match(shown, /^error: Raft snapshot fails its checksum \(SNAP_CRC_MISMATCH\), 2 times$/m)
    assert.equal(shown.match(/→ Leave the file in place/g)?.length, 1)
    assert.equal(shown.match(/expected [0-9a-f]{8}, found [0-9a-f]{8}/g)?.length, 2)
    assert.ok(shown.indexOf('\nerror: ') < shown.indexOf('\nwarning: '))
    assert.match(shown, /\n2 errors, 2 warnings\n$/)
  })

  it('are not all shown unless asked for, but all counted, for every artefact', () => {
    const path = damaged()
    const many = Array<string>(120).fill(path)
    const shown = inspect(many)
    assert.match(shown, /SNAP_CRC_MISMATCH\), 120 times$/m)
    assert.match(shown, /^ {2}… 115 more, see --all-findings$/m)
    assert.equal(shown.match(/^ {2}state {9}1 error, 1 warning/gm)?.length, 120)
    const all = inspect(['--all-findings', ...many])
    assert.equal(all.match(/expected [0-9a-f]{8}, found [0-9a-f]{8}/g)?.length, 120)
  })
})

describe('colours', () => {
  const m1 = join(fixture('3.5.30', 'cluster').dir, 'm1')
  const yellow = '\x1b[33m3 warnings\x1b[39m'
  const red = '\x1b[31mNOSPACE by member '

  it('are there when asked for, and not in a pipe', () => {
    const coloured = inspect([m1], { FORCE_COLOR: '1' })
    assert.ok(coloured.includes(yellow) && coloured.includes(red))
    assert.ok(!inspect([m1]).includes('\x1b'))
  })

  const hasScript = spawnSync('script', ['--version']).status === 0

  it('are there on a terminal, unless NO_COLOR is set', { skip: !hasScript }, () => {
    const onTerminal = (env: NodeJS.ProcessEnv): string => {
      const command = `'${process.execPath}' '${bin}' inspect '${m1}'`
      const options = { env: { ...plainEnv, TERM: 'xterm', ...env }, encoding: 'utf8' } as const
      return spawnSync('script', ['-qec', command, '/dev/null'], options).stdout
    }
    assert.ok(onTerminal({}).includes(yellow))
    assert.ok(onTerminal({ NO_COLOR: '1' }).endsWith('\n3 warnings, 1 note\r\n'))
  })
})

function snapsOf(dataDir: string): string[] {
  const directory = join(dataDir, 'member/snap')
  const names = readdirSync(directory).filter((name) => name.endsWith('.snap'))
  return names.sort().map((name) => join(directory, name))
}

/** Enough bytes in a row to hit more than the padding of a record. */
function spoil(path: string, at: number, length = 64): void {
  const bytes = readFileSync(path)
  for (let i = at; i < at + length; i++) bytes[i] = (bytes[i] as number) ^ 1
  writeFileSync(path, bytes)
}

interface V2Member {
  readonly attributes: object
  readonly raftAttributes: object
}

/** A `.snap` whose v2 store has these members, by id. */
function snapOf(members: Readonly<Record<string, V2Member>>): string {
  const leaf = (value: object): object => ({ Value: JSON.stringify(value), Children: null })
  const nodes = Object.entries(members).map(([id, { attributes, raftAttributes }]) => [
    id,
    { Children: { attributes: leaf(attributes), raftAttributes: leaf(raftAttributes) } },
  ])
  const cluster = { Children: { members: { Children: Object.fromEntries(nodes) } } }
  const inner = raftpb.Snapshot.encode({
    data: Buffer.from(JSON.stringify({ Root: { Children: { 0: cluster } } })),
    metadata: { conf_state: {}, index: 5, term: 2 },
  }).finish()
  const bytes = snappb.Snapshot.encode({ crc: crc32c(inner), data: inner }).finish()
  return tempFile('0000000000000002-0000000000000005.snap', bytes)
}

describe('a path that is no path', () => {
  it('may be a subcommand that was meant', () => {
    const { status, stderr } = etcdsnap(['inspect', 'kyes', '/nowhere'], { env: plainEnv })
    assert.equal(status, 3)
    assert.equal(stderr, 'did you mean: etcdsnap inspect keys\n')
  })

  it('is no subcommand when it is unlike all of them, or is written as a path', () => {
    for (const path of ['nowhere', './kyes']) {
      assert.equal(etcdsnap(['inspect', path], { env: plainEnv }).stderr, '')
    }
  })
})
