/** Compressed files and standard input, from the outside. */
import assert from 'node:assert/strict'
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import {
  closeSync,
  constants,
  copyFileSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  writeSync,
} from 'node:fs'
import { basename, join } from 'node:path'
import { describe, it } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { fixture, fixtureFile } from '../support/fixtures.ts'
import { lacking, pack, storedZstd } from '../support/pack.ts'
import { tempDir, tempFile } from '../support/temp-dir.ts'
import { bin, etcdsnap, type Outcome, plainEnv } from './spawn.ts'

const { dir } = fixture('3.6.14', 'restored')
const backup = fixtureFile('3.6.14', 'restored', 'backup.db')
const SNAP = '0000000000000001-0000000000000001.snap'

/** Runs with these bytes on standard input, through a pipe. */
function piped(args: readonly string[], input: Uint8Array): Outcome {
  return etcdsnap(args, { input })
}

/** The document of inspect, without the paths as they were given. */
function documentOf({ stdout }: Outcome, path: string): unknown {
  return JSON.parse(stdout.replaceAll(JSON.stringify(path), '"PATH"'))
}

describe('inspect', () => {
  const files = [
    'backup.db',
    'data/member/snap/db',
    `data/member/snap/${SNAP}`,
    'data/member/wal/0000000000000000-0000000000000000.wal',
  ].map((name) => join(dir, name))
  const forms: [string, (bytes: Buffer) => Buffer][] = [
    ['gz', (bytes) => gzipSync(bytes)],
    ['zst', storedZstd],
  ]

  for (const path of files) {
    const plain = documentOf(etcdsnap(['inspect', '--json', path]), path)
    const name = basename(path)
    for (const [extension, compress] of forms) {
      it(`tells of ${name}.${extension} what it tells of ${name}`, () => {
        const compressed = tempFile(`${name}.${extension}`, compress(readFileSync(path)))
        const outcome = etcdsnap(['inspect', '--json', compressed])
        assert.deepEqual(documentOf(outcome, compressed), plain)
        assert.equal(outcome.status, 0)
      })
    }
  }

  for (const [extension, compress] of [['plain', (bytes: Buffer) => bytes], ...forms] as const) {
    it(`reads standard input: ${extension}`, () => {
      const input = compress(backup)
      const expected = documentOf(
        etcdsnap(['inspect', '--json', files[0] as string]),
        files[0] as string,
      )
      const outcome = piped(['inspect', '--json', '-'], input)
      assert.deepEqual(documentOf(outcome, '-'), expected)
      const file = openSync(tempFile('input', input), 'r')
      const redirected = etcdsnap(['inspect', '--json', '-'], { stdio: [file, 'pipe', 'pipe'] })
      closeSync(file)
      assert.deepEqual(documentOf(redirected, '-'), expected)
    })
  }

  it('reads a zip as k3s writes it, from standard input too', { skip: lacking('zip') }, () => {
    const zip = pack('zip', 'on-demand-server-1700000000', backup)
    for (const outcome of [
      etcdsnap(['inspect', zip]),
      piped(['inspect', '-'], readFileSync(zip)),
    ]) {
      assert.equal(outcome.status, 0)
      assert.match(outcome.stdout, /^backup {2}/)
      assert.doesNotMatch(outcome.stdout, /note/)
    }
    const db = join(tempDir(), 'snapshot.db')
    copyFileSync(zip, db)
    const renamed = etcdsnap(['inspect', db])
    assert.equal(renamed.status, 0)
    assert.match(renamed.stdout, /FILE_COMPRESSION_NAME[\s\S]*compressed with zip/)
  })

  it('waits for a pipe that is slow, and for one that does not wait itself', async () => {
    const child = start(['inspect', '-'])
    for (let at = 0; at < backup.length; at += 10_000) {
      child.stdin?.write(backup.subarray(at, at + 10_000))
      await setTimeout(30)
    }
    child.stdin?.end()
    const [status] = await once(child, 'exit')
    assert.equal(status, 0)
    const fifo = join(tempDir(), 'fifo')
    assert.equal(spawnSync('mkfifo', [fifo]).status, 0)
    const reading = openSync(fifo, constants.O_RDONLY | constants.O_NONBLOCK)
    const writing = openSync(fifo, 'w')
    const impatient = spawn(process.execPath, [bin, 'inspect', '-'], {
      env: plainEnv,
      stdio: [reading, 'ignore', 'inherit'],
    })
    closeSync(reading)
    await setTimeout(300)
    writeSync(writing, backup)
    closeSync(writing)
    assert.deepEqual(await once(impatient, 'exit'), [0, null])
  })

  it('says that nothing came', () => {
    const { status, stdout } = piped(['inspect', '-'], Buffer.alloc(0))
    assert.equal(status, 1)
    assert.match(stdout, /FILE_EMPTY/)
  })

  it('takes standard input once, and not from a terminal', () => {
    const twice = piped(['inspect', '-', '-'], backup)
    assert.equal(twice.status, 2)
    assert.match(twice.stderr, /only once/)
  })

  const noScript = spawnSync('script', ['--version']).status !== 0 && 'script is not installed'

  it('does not wait for somebody to type', { skip: noScript }, () => {
    const command = `'${process.execPath}' '${bin}' inspect -`
    const { status, stdout } = spawnSync('script', ['-qec', command, '/dev/null'], {
      env: plainEnv,
      encoding: 'utf8',
      timeout: 10_000,
    })
    assert.equal(status, 2)
    assert.match(stdout, /is a terminal/)
  })

  it('ends with 1 for damaged compression, and shows what it has', () => {
    const cut = gzipSync(backup).subarray(0, -5)
    const { status, stdout } = etcdsnap(['inspect', tempFile('backup.db.gz', cut)])
    assert.equal(status, 1)
    assert.match(stdout, /^backup {2}/)
    assert.match(stdout, /FILE_COMPRESSION_DAMAGED[\s\S]*ends before its checksum/)
  })

  it('ends with 3 for what it does not unpack, and says what to do', () => {
    for (const [name, magic, about] of [
      ['backup.db.xz', 'fd377a585a000000', 'xz'],
      ['backup.db.bz2', '425a6839', 'bzip2'],
      ['backup.db', '04224d18', 'lz4'],
      ['backup', '377abcaf271c', '7-Zip'],
    ] as const) {
      const path = tempFile(
        name,
        Buffer.concat([Buffer.from(magic, 'hex'), backup.subarray(0, 99)]),
      )
      const { status, stdout } = etcdsnap(['inspect', path])
      assert.equal(status, 3, name)
      assert.match(stdout, new RegExp(`packed with ${about}: unpack it first`))
    }
    const tar = Buffer.alloc(10_240)
    tar.write('ustar', 257)
    const { status, stdout } = etcdsnap(['inspect', tempFile('data.tar.gz', gzipSync(tar))])
    assert.equal(status, 3)
    assert.match(stdout, /packed with tar/)
  })
})

describe('inspect log', () => {
  const segment = join(dir, 'data/member/wal/0000000000000000-0000000000000000.wal')
  const bytes = readFileSync(segment)
  const plain = etcdsnap(['inspect', 'log', '-o', 'ndjson', '--raw', segment])

  it('lists a compressed segment in every form, which reads it twice', () => {
    const path = tempFile(`${basename(segment)}.gz`, gzipSync(bytes))
    const lines = etcdsnap(['inspect', 'log', '-o', 'ndjson', '--raw', path])
    assert.equal(
      lines.stdout.replaceAll(JSON.stringify(path), JSON.stringify(segment)),
      plain.stdout,
    )
    for (const form of ['table', 'json', 'yaml']) {
      const [a, b] = [path, segment].map(
        (each) => etcdsnap(['inspect', 'log', '-o', form, each]).stdout,
      )
      assert.equal(a?.replaceAll(path, segment), b)
    }
  })

  it('lists a segment from standard input', () => {
    const { stdout, status } = piped(['inspect', 'log', '-o', 'ndjson', '-'], gzipSync(bytes))
    assert.equal(status, 0)
    const count = (text: string): number => text.match(/"type":"entry"/g)?.length ?? 0
    assert.equal(count(stdout), count(plain.stdout))
  })

  it('refuses what is no segment, compressed or not', () => {
    const { status, stdout } = piped(['inspect', 'log', '--json', '-'], gzipSync(backup))
    assert.equal(status, 3)
    assert.deepEqual(JSON.parse(stdout).counts, { FILE_NO_WAL: 1 })
  })
})

describe('the temporary file', () => {
  it('says where there is no room, or no directory', () => {
    const path = tempFile('backup.db.gz', gzipSync(backup))
    const TMPDIR = join(tempDir(), 'missing')
    const { status, stdout } = etcdsnap(['inspect', path], { env: { ...plainEnv, TMPDIR } })
    assert.equal(status, 3)
    assert.match(stdout, /FILE_NO_ROOM/)
    assert.ok(stdout.replace(/\s+/g, ' ').includes('TMPDIR to another directory'))
  })

  const mounts = spawnSync('unshare', ['-rm', 'mount', '-t', 'tmpfs', 'tmpfs', tempDir()])
  const noMounts = mounts.status !== 0 && 'no file system can be mounted here'

  it('fills no disk', { skip: noMounts }, () => {
    const small = tempDir()
    // Another 10 MiB of zeros in a few KiB, and the same through a pipe.
    const bomb = tempFile('backup.db.gz', gzipSync(Buffer.alloc(10 * 1024 * 1024)))
    const script = `mount -t tmpfs -o size=4m tmpfs "$0" && {
      TMPDIR="$0" "$1" "$2" inspect "$3"; echo "status $?"
      "$1" -e 'process.stdout.write(Buffer.alloc(1e7))' | TMPDIR="$0" "$1" "$2" inspect -
      echo "status $?"; df -k --output=used "$0" | tail -1; ls -A "$0" | wc -l; }`
    const args = ['-rm', 'sh', '-c', script, small, process.execPath, bin, bomb]
    const { stdout, stderr } = spawnSync('unshare', args, { env: plainEnv, encoding: 'utf8' })
    assert.equal(stdout.match(/FILE_NO_ROOM/g)?.length, 2, stderr)
    assert.equal(stdout.match(/status 3/g)?.length, 2)
    assert.match(stdout, /\n\s*0\n\s*0\n$/)
  })

  for (const signal of ['SIGINT', 'SIGTERM', 'SIGKILL'] as const) {
    it(`is gone after ${signal}`, { skip: process.platform !== 'linux' }, async () => {
      const TMPDIR = join(tempDir(), 'temporary')
      mkdirSync(TMPDIR)
      const child = start(['inspect', '-'], { TMPDIR })
      child.stdin?.write(backup)
      while (!openFiles(child).some((path) => path.startsWith(TMPDIR))) await setTimeout(10)
      assert.deepEqual(readdirSync(TMPDIR), [])
      child.kill(signal)
      const [, by] = await once(child, 'exit')
      assert.equal(by, signal)
      assert.deepEqual(readdirSync(TMPDIR), [])
    })
  }
})

describe('300 MB', () => {
  const MOST_MEBIBYTES = 160
  const noStatus = process.platform !== 'linux' && 'needs /proc'

  for (const program of ['gzip', 'zstd', 'zip'] as const) {
    const skip = noStatus || (program !== 'gzip' && lacking(program))
    it(`of ${program} take no more memory than a plain file`, { skip }, (t) => {
      const path = pack(program, 'large', large(), ['-1'])
      const started = performance.now()
      const { status, stdout, stderr } = metered(['inspect', path])
      const mebibytes = Number(/VmHWM:\s+(\d+)/.exec(stderr)?.[1]) / 1024
      t.diagnostic(`${Math.round(performance.now() - started)} ms, ${Math.round(mebibytes)} MiB`)
      assert.equal(status, 3)
      assert.match(stdout, /FILE_NOT_ETCD/)
      assert.ok(mebibytes < MOST_MEBIBYTES, `${mebibytes} MiB`)
    })
  }

  function large(): Buffer {
    const bytes = Buffer.alloc(300_000_000)
    for (let at = 0; at < bytes.length; at += 500) bytes.write(String(Math.sin(at)), at)
    return bytes
  }
})

function metered(args: readonly string[]): Outcome {
  const meter = `data:text/javascript,import{readFileSync}from'node:fs';process.on('exit',()=>{
    process._rawDebug(/VmHWM.*/.exec(readFileSync('/proc/self/status','utf8'))[0])})`
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [`--import=${meter}`, bin, ...args],
    { env: plainEnv, encoding: 'utf8' },
  )
  return { status, stdout, stderr }
}

function start(args: readonly string[], env: NodeJS.ProcessEnv = {}): ChildProcess {
  return spawn(process.execPath, [bin, ...args], {
    env: { ...plainEnv, ...env },
    stdio: ['pipe', 'ignore', 'inherit'],
  })
}

/** What a process has open, by the name it had. */
function openFiles({ pid }: ChildProcess): string[] {
  const directory = `/proc/${pid}/fd`
  return readdirSync(directory).flatMap((fd) => {
    try {
      return [readlinkSync(join(directory, fd))]
    } catch {
      return []
    }
  })
}
