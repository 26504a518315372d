import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { showDb, showDbSection } from '../../src/cli/inspect/db-card.ts'
import { Sheet } from '../../src/cli/inspect/sheet.ts'
import { Out } from '../../src/cli/out.ts'
import { loadTables } from '../../src/cli/table.ts'
import { loadTheme } from '../../src/cli/theme.ts'
import { displayWidth } from '../../src/lib/report/width.ts'
import { BUCKETS } from '../../src/lib/store/buckets.ts'
import type { Store, StoreFile } from '../../src/lib/store/store-file.ts'

/** Output that is kept. */
class Kept extends Out {
  text = ''

  override line(text = ''): void {
    this.text += `${text}\n`
  }
}

const theme = await loadTheme()
const tables = await loadTables()

function cardOf(file: StoreFile, { width = 80, show = showDb } = {}): string {
  const out = new Kept()
  show(new Sheet(out, theme, width, tables), file)
  return out.text
}

/** The facts behind a label, and below it. */
function field(card: string, label: string): string {
  const [, facts = ''] = new RegExp(`^  ${label} {2,}(.*(?:\n {16}.*)*)`, 'm').exec(card) ?? []
  return facts.replaceAll(/\n {16}/g, '   ')
}

const SELF = 0xc0b28d4c7156995fn

const STORE: Store = {
  freePages: 25,
  rowsAllBuckets: 48123,
  complete: true,
  statusHash: 0x3544d40,
  buckets: BUCKETS.map((name, at) => ({ name, keys: at * 37, bytes: at * 1000 })),
  hashKv: [{ rule: '3.5.16', hash: 0xe960ff18, revision: 10789637, compactRevision: -1 }],
  revision: 10789637,
  keys: { live: 21345, records: 38321, tombstones: 417 },
  consistentIndex: 12345678,
  term: 42,
  clusterVersion: '3.5.0',
  members: [
    {
      id: 77,
      name: 'infra-2',
      peerUrls: ['https://10.0.0.2:2380'],
      clientUrls: [],
      isLearner: true,
    },
    {
      id: SELF,
      name: 'infra-1',
      peerUrls: ['https://10.0.0.1:2380'],
      clientUrls: ['https://10.0.0.1:2379'],
      isLearner: false,
    },
  ],
  removedMembers: [0x53596b03255160c7n],
  leases: 1042,
  alarms: [],
  auth: { enabled: false, users: [], roles: [] },
  unknownKeys: [],
}

const FILE: StoreFile = {
  path: 'backup.db',
  bytes: 409_632,
  pageSize: 4096,
  pages: 100,
  meta: [
    { page: 0, txid: 12, ok: true, active: true },
    { page: 1, txid: 11, ok: true, active: false },
  ],
  hasTrailer: true,
  sha256: { present: true, ok: true, stored: 'ab'.repeat(32), computed: 'ab'.repeat(32) },
  store: STORE,
}

const withStore = (more: Partial<Store>): StoreFile => ({ ...FILE, store: { ...STORE, ...more } })

describe('the card of a backup', () => {
  it('shows what one compares', () => {
    const card = cardOf(FILE)
    assert.equal(field(card, 'SHA-256'), 'ok')
    assert.equal(field(card, 'size'), '400 KiB (409632 bytes)   100 pages of 4 KiB')
    assert.equal(field(card, 'free'), '100 KiB (25 %), given back by defragmentation   25 pages')
    assert.equal(field(card, 'revision'), '10789637   never compacted')
    assert.equal(field(card, 'keys'), '21345 live   38321 revisions stored   417 deletions')
    assert.equal(
      field(card, 'status hash'),
      '03544d40   total keys 48123 (etcdutl ≤ 3.5), 21345 (≥ 3.6)',
    )
    assert.equal(field(card, 'HashKV'), 'e960ff18   revision 10789637   compact revision -1')
    assert.equal(field(card, 'etcd'), 'written by 3.5 or later   cluster version 3.5.0')
    assert.equal(field(card, 'raft'), 'consistent index 12345678   term 42')
    assert.equal(field(card, 'leases'), '1042')
    assert.match(card, /voter +c0b28d4c7156995f {2}infra-1 +https:\/\/10\.0\.0\.1:2380/)
    assert.match(card, /learner +000000000000004d {2}infra-2/)
    assert.match(card, /removed +53596b03255160c7/)
    assert.match(card, /^ {4}members_removed +296 +7\.8 KiB$/m)
    for (const label of ['ALARMS', 'auth', 'confState']) assert.equal(field(card, label), '')
  })

  it('shows alarms before everything else', () => {
    const card = cardOf(
      withStore({
        alarms: [
          { memberId: SELF, alarm: 'NOSPACE' },
          { memberId: 77, alarm: 9 },
        ],
      }),
    )
    assert.match(card, /^ {2}ALARMS {8}NOSPACE by member c0b28d4c7156995f\n/)
    assert.match(field(card, 'ALARMS'), /alarm 9 by member 000000000000004d$/)
    const many = Array.from({ length: 20 }, (_, memberId) => ({
      memberId,
      alarm: 'CORRUPT' as const,
    }))
    assert.match(field(cardOf(withStore({ alarms: many })), 'ALARMS'), /12 more$/)
  })

  it('says why the SHA-256 is wrong, or missing', () => {
    const digests = { stored: 'ab'.repeat(32), computed: 'cd'.repeat(32) }
    const reason = 'the last 32 bytes are zeros'
    const wrong = cardOf({ ...FILE, sha256: { present: true, ok: false, reason, ...digests } })
    assert.equal(field(wrong, 'SHA-256'), `wrong   ${reason}`)
    assert.equal(field(wrong, '  stored'), digests.stored)
    assert.equal(field(wrong, '  computed'), digests.computed)
    const missing = cardOf({ ...FILE, sha256: { present: false, reason } })
    assert.equal(field(missing, 'SHA-256'), `none   ${reason}`)
    assert.equal(field(missing, '  stored'), '')
    const { sha256, ...without } = FILE
    assert.ok(sha256)
    assert.ok(!cardOf(without).includes('SHA-256'))
  })

  it('shows both results where servers of 3.4 have another HashKV', () => {
    const [today] = STORE.hashKv ?? []
    assert.ok(today)
    const card = cardOf(withStore({ hashKv: [today, { ...today, rule: '3.4', hash: 1 }] }))
    assert.match(
      card,
      /HashKV {8}e960ff18 .*\n {2}HashKV {8}00000001 .*\n {16}servers before 3\.4\.34/,
    )
  })

  it('says what was compacted, and what is not over', () => {
    const revision = (more: Partial<Store>) => field(cardOf(withStore(more)), 'revision')
    const both = { scheduledCompactRevision: 9, finishedCompactRevision: 9, compactRevision: 9 }
    assert.equal(revision(both), '10789637   compact revision 9')
    assert.equal(
      revision({ ...both, finishedCompactRevision: 3 }),
      '10789637   compact revision 9   compaction begun, finished only to 3',
    )
    assert.match(revision({ scheduledCompactRevision: 9, compactRevision: 9 }), /compaction begun$/)
  })

  it('shows versions, and a downgrade', () => {
    const etcd = (more: Partial<Store>) => field(cardOf(withStore(more)), 'etcd')
    assert.equal(
      etcd({
        clusterVersion: '3.6.0',
        storageVersion: '3.6.0',
        downgrade: { enabled: true, targetVersion: '3.5.0' },
      }),
      'written by 3.6 or later   cluster version 3.6.0   storage version 3.6.0   downgrade to 3.5.0 in progress',
    )
    const { term, clusterVersion, ...old } = STORE
    assert.ok(term && clusterVersion)
    const written = (store: Store) => field(cardOf({ ...FILE, store }), 'etcd')
    assert.match(written({ ...old, clusterVersion: '3.3.0' }), /^written by 3\.3 or 3\.4 /)
    assert.match(written({ ...old, clusterVersion: '3.4.0' }), /^written by 3\.4 /)
    assert.equal(written(old), 'written by an unknown version')
  })

  it('shows auth when it is on, or was set up', () => {
    const auth = (more: Partial<Store['auth']>) =>
      field(cardOf(withStore({ auth: { ...STORE.auth, ...more } })), 'auth')
    const users = ['root', 'al\x1bice']
    assert.equal(
      auth({ enabled: true, revision: 13, users, roles: ['root'] }),
      'on   revision 13   users root, al\\x1bice   roles root',
    )
    assert.equal(auth({ users: ['root'] }), 'off   users root')
    assert.equal(auth({ revision: 1 }), '')
    const many = Array.from({ length: 30 }, (_, at) => `u${at}`)
    assert.match(auth({ users: many }), /u7, … 22 more$/)
  })

  it('shows a ConfState of other members', () => {
    const confState = (voters: number[], learners: number[]) =>
      field(
        cardOf(
          withStore({
            confState: { voters, learners, votersOutgoing: [], learnersNext: [], autoLeave: false },
            members: [1, 2].map((id) => ({ id, peerUrls: [], clientUrls: [], isLearner: false })),
          }),
        ),
        'confState',
      )
    assert.equal(confState([2], [1]), '')
    assert.match(confState([1], []), /^0000000000000001 {3}others than the members/)
    assert.match(confState([1, 3], []), /^0000000000000001 {3}0000000000000003 {3}others/)
  })

  it('marks buckets that are not of etcd, and leaves some out of many', () => {
    const alien = { name: 'al\x1bien', keys: 1, bytes: 2 }
    const card = cardOf(withStore({ buckets: [...STORE.buckets, alien] }))
    assert.match(card, /al\\x1bien +1 +2 B {2}unknown to etcd/)
    const many = Array.from({ length: 500 }, (_, at) => ({ ...alien, name: `bucket${at}` }))
    assert.match(cardOf(withStore({ buckets: many })), /… 488 more, see --json/)
  })

  it('shows no hashes of what could not be read whole', () => {
    const { statusHash, hashKv, ...rest } = STORE
    assert.ok(statusHash && hashKv)
    const card = cardOf({ ...FILE, store: { ...rest, complete: false } })
    assert.equal(field(card, 'status hash'), 'none: the file cannot be read whole')
    assert.match(field(card, 'keys'), /417 deletions {3}as far as the file can be read$/)
    assert.equal(field(card, 'revision'), '10789637 or higher')
    for (const label of ['HashKV', 'free']) assert.equal(field(card, label), '')
    const nothing = cardOf({ ...FILE, store: { ...rest, complete: false, buckets: [] } })
    assert.match(nothing, /^ {2}buckets {7}none that can be read\n$/m)
  })

  it('says what is left of a file without a valid meta page', () => {
    const { path, hasTrailer } = FILE
    const card = cardOf({
      path,
      hasTrailer,
      bytes: 5000,
      meta: [{ page: 0, ok: false, active: false }],
    })
    assert.equal(field(card, 'size'), '4.9 KiB (5000 bytes)')
    assert.equal(field(card, 'meta 0'), 'invalid')
    assert.equal(field(card, 'meta 1'), 'missing')
    assert.ok(!card.includes('revision'))
  })

  for (const width of [80, 200]) {
    it(`fits ${width} columns`, () => {
      const hashKv = STORE.hashKv?.flatMap((each) => [each, { ...each, rule: '3.4' as const }])
      const downgrade = { enabled: true, targetVersion: '3.4.0' }
      const card = cardOf(withStore({ ...(hashKv ? { hashKv } : {}), downgrade }), { width })
      for (const line of card.split('\n')) assert.ok(displayWidth(line) <= width, line)
    })
  }
})

describe('the db in the card of a data dir', () => {
  it('leaves members and buckets to its own card, and counts what is preallocated as free', () => {
    const { sha256, ...live } = FILE
    assert.ok(sha256)
    const card = cardOf(
      { ...live, path: 'member/snap/db', hasTrailer: false, bytes: 100 * 4096 + 8192 },
      { show: (sheet, file) => showDbSection(sheet, 'db', file) },
    )
    assert.match(card, /^\n {2}db {12}408 KiB {3}100 pages of 4 KiB\n/)
    assert.equal(
      field(card, 'free'),
      '108 KiB (26 %), given back by defragmentation   25 pages   8 KiB preallocated',
    )
    assert.equal(field(card, 'raft'), 'consistent index 12345678   term 42')
    assert.ok(!card.includes('infra-1') && !card.includes('members_removed'))
  })
})
