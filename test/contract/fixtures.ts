/** Every artefact of test/fixtures, and damaged copies of some. */
import {
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { listFixtures } from '../fixtures/open.ts'
import { fixture } from '../support/fixtures.ts'

/** Data dirs, and everything in them that `inspect` reads by itself. */
export function fixtureArtefacts(): string[] {
  return listFixtures().flatMap(([version, scenario]) => {
    const { dir } = fixture(version, scenario)
    return readdirSync(dir, { recursive: true, withFileTypes: true })
      .filter(({ name }) => isArtefact(name))
      .map(({ parentPath, name }) => join(parentPath, name))
      .flatMap((path) => (path.endsWith('/member') ? [dirname(path)] : [path]))
  })
}

function isArtefact(name: string): boolean {
  return name === 'member' || name === 'wal' || /^db$|\.(wal|snap|db)$/.test(name)
}

/** A member of three voters and a learner with v2 keys, auth and leases. */
export const MEMBER = 'test/fixtures/3.5.30/cluster/m1'
const BACKUP = 'test/fixtures/3.5.30/restored/backup.db'
/** The WAL of a member whose log has several segments, the oldest purged. */
const segmented = () => join(fixture('3.5.33', 'segments').dir, 'data/member/wal')

/** Makes a copy of a fixture below `directory` and damages it. */
export type Damage = (directory: string) => string

/** Each kind of damage that the schema of `inspect` has words for. */
export const DAMAGES: Record<string, Damage> = {
  'an empty .snap': snapWith((bytes) => bytes.subarray(0, 0)),
  'a .snap cut': snapWith((bytes) => bytes.subarray(0, 4000)),
  'a .snap cut in its head': snapWith((bytes) => bytes.subarray(0, 5)),
  'a .snap with a flipped byte': snapWith((bytes) => flip(bytes, 3000)),
  'a .snap of text': snapWith(() => Buffer.from('hello, this is no snapshot at all')),
  'a .snap under another name': (directory) => {
    const path = join(directory, '0000000000000009-0000000000000009.snap')
    cpSync(only(join(MEMBER, 'member/snap'), '.snap'), path)
    return path
  },
  'a .snap whose name says nothing': (directory) => {
    const path = join(directory, 'copy.snap.broken')
    cpSync(only(join(MEMBER, 'member/snap'), '.snap'), path)
    return path
  },
  'a segment under another name': (directory) => {
    const path = join(directory, 'copied')
    cpSync(only(join(MEMBER, 'member/wal'), '.wal'), path)
    return path
  },
  'an empty segment': walWith((bytes) => bytes.subarray(0, 0)),
  'a segment of zeros': walWith(() => Buffer.alloc(4096)),
  'a torn tail': walWith((bytes) => bytes.subarray(0, 14_000)),
  'a flipped byte in a record': walWith((bytes) => flip(bytes, 4096)),
  'a huge length': walWith((bytes) => set(bytes, 8192 - (8192 % 8), 0xff)),
  'a hole of zeros': walWith((bytes) => Buffer.from(bytes).fill(0, 4096, 8192)),
  'a WAL directory with a missing segment': (directory) => {
    const wal = join(directory, 'wal')
    cpSync(segmented(), wal, { recursive: true })
    const [, second] = readdirSync(wal).sort()
    rmSync(join(wal, second as string))
    return wal
  },
  'segments of two members': (directory) => {
    const wal = join(directory, 'wal')
    cpSync(segmented(), wal, { recursive: true })
    const other = only(join(MEMBER, 'member/wal'), '.wal')
    const [, second] = readdirSync(wal).sort()
    cpSync(other, join(wal, second as string))
    return wal
  },
  'an empty WAL directory': (directory) => {
    mkdirSync(join(directory, 'wal'), { recursive: true })
    return join(directory, 'wal')
  },
  'a WAL directory with other files': (directory) => {
    const wal = join(directory, 'wal')
    cpSync(join(MEMBER, 'member/wal'), wal, { recursive: true })
    writeFileSync(join(wal, 'zzz.wal'), '')
    writeFileSync(join(wal, '0.tmp'), '')
    return wal
  },
  'a db without its second half': dbWith((bytes) => bytes.subarray(0, bytes.length / 2)),
  'a db with one bad meta page': dbWith((bytes) => flip(bytes, 60)),
  'a db without a meta page': dbWith((bytes) => flip(flip(bytes, 60), 4096 + 60)),
  'a db whose root is no page': dbWith((bytes) => set(set(bytes, 8192 + 8, 0x77), 12288 + 8, 0x77)),
  'a db with keys that etcd does not know': dbWith((bytes) =>
    replaced(replaced(bytes, 'authRevision', 'authRevisiom'), '\0\0\0term', '\0\0\0tern'),
  ),
  'a db with a bucket that etcd does not know': dbWith((bytes) =>
    replaced(bytes, 'members_removed', 'members_revoked'),
  ),
  'a db whose rows do not decode': dbWith((bytes) =>
    replaced(replaced(bytes, '{"id":', '["id":'), 'clusterVersion3.5.0', 'clusterVersion3.five'),
  ),
  'a backup with a flipped byte': backupWith((bytes) => flip(bytes, bytes.length - 3000)),
  'a backup without its hash': backupWith((bytes) => bytes.subarray(0, -32)),
  'a backup with half of its hash': backupWith((bytes) => bytes.subarray(0, -16)),
  'a backup with more behind it': backupWith((bytes) =>
    Buffer.concat([bytes, bytes.subarray(0, 512)]),
  ),
  'a db of junk': dbWith(() => Buffer.from('junk'.repeat(5000))),
  'an empty db': dbWith((bytes) => bytes.subarray(0, 0)),
  'a data dir without a db': (directory) => {
    cpSync(MEMBER, directory, { recursive: true, filter: (from) => !from.endsWith('/db') })
    return directory
  },
  'a data dir without a WAL': (directory) => {
    cpSync(join(MEMBER, 'member/snap'), join(directory, 'member/snap'), { recursive: true })
    return directory
  },
  'a data dir full of damage': (directory) => {
    cpSync(MEMBER, directory, { recursive: true })
    truncateSync(join(directory, 'member/snap/db'), 10_000)
    const wal = only(join(directory, 'member/wal'), '.wal')
    writeFileSync(wal, flip(readFileSync(wal), 5000))
    const snap = only(join(directory, 'member/snap'), '.snap')
    writeFileSync(snap, flip(readFileSync(snap), 100))
    return directory
  },
}

type Change = (bytes: Buffer) => Buffer

function snapWith(change: Change): Damage {
  return changed(only(join(MEMBER, 'member/snap'), '.snap'), change)
}

function walWith(change: Change): Damage {
  return changed(only(join(MEMBER, 'member/wal'), '.wal'), change)
}

function dbWith(change: Change): Damage {
  return changed(join(MEMBER, 'member/snap/db'), change)
}

function backupWith(change: Change): Damage {
  return changed(BACKUP, change)
}

/** With every occurrence of a text replaced by another of the same length. */
function replaced(bytes: Buffer, text: string, by: string): Buffer {
  return Buffer.from(bytes.toString('latin1').replaceAll(text, by), 'latin1')
}

function changed(path: string, change: Change): Damage {
  return (directory) => {
    const copy = join(directory, path.slice(path.lastIndexOf('/') + 1))
    mkdirSync(directory, { recursive: true })
    writeFileSync(copy, change(readFileSync(path)))
    return copy
  }
}

/** The first file in `directory` with this extension. */
function only(directory: string, extension: string): string {
  const [name] = readdirSync(directory)
    .filter((each) => each.endsWith(extension))
    .sort()
  return join(directory, name as string)
}

function flip(bytes: Buffer, at: number): Buffer {
  return set(bytes, at, (bytes[at] as number) ^ 0xff)
}

function set(bytes: Buffer, at: number, value: number): Buffer {
  const copy = Buffer.from(bytes)
  copy[at] = value
  return copy
}
