/** What the program asks of the kernel, as strace sees it: nothing that changes what it inspects. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { bin, plainEnv } from '../cli/spawn.ts'
import { WAYS } from './program.ts'
import { artefacts, Victim } from './victim.ts'

/** In an open: anything but reading. */
const WRITING = /O_(WRONLY|RDWR|CREAT|TRUNC|APPEND|TMPFILE)/

/** Calls that may name an inspected path or hold its descriptor; every other one may not. */
const HARMLESS = new Set([
  ...['open', 'openat', 'openat2', 'close', 'dup', 'dup2', 'dup3'],
  ...['read', 'pread64', 'readv', 'preadv', 'lseek', 'readahead', 'fadvise64'],
  ...['stat', 'fstat', 'lstat', 'statx', 'newfstatat', 'access', 'faccessat', 'faccessat2'],
  ...[
    'readlink',
    'readlinkat',
    'getdents',
    'getdents64',
    'statfs',
    'fstatfs',
    'getcwd',
    'fgetxattr',
  ],
  ...['execve', 'epoll_ctl', 'ioctl'],
])

const STRACE = 'strace'
const version = spawnSync(STRACE, ['--version'])
const skip = version.status === 0 ? false : 'strace is not installed'

/** What the kernel was asked for with an inspected path, or with a descriptor that leads to one. */
function traced(command: readonly string[], path: string, directory: string): string[] {
  const log = join(directory, 'trace')
  const strace = ['-f', '-ff', '-y', '-s', '4096', '-e', 'trace=%file,%desc,mmap', '-o', log]
  const child = spawnSync(STRACE, [...strace, process.execPath, ...command, path], {
    env: plainEnv,
    encoding: 'utf8',
    timeout: 60_000,
    maxBuffer: 1024 ** 3,
  })
  assert.ok([0, 1].includes(child.status ?? -1), child.stderr)
  const names = readdirSync(directory).filter((name) => name.startsWith('trace.'))
  const lines = names.flatMap((name) => {
    const text = readFileSync(join(directory, name), 'utf8')
    rmSync(join(directory, name))
    return text.split('\n')
  })
  // The command line names the path too; what is printed may.
  return lines.filter((line) => line.includes(path) && !/^(execve\(|p?writev?\([12]<)/.test(line))
}

describe('on an inspected path', { skip }, () => {
  let directory = ''
  before(() => {
    directory = mkdtempSync(join(tmpdir(), 'etcdsnap-strace-'))
  })
  after(() => rmSync(directory, { recursive: true }))

  for (const name of ['3.5.33/segments', '3.6.14/restored/backup.db']) {
    for (const way of WAYS) {
      if (name.endsWith('.db') && way[1] === 'log') continue
      test(`${way.join(' ')} only reads: ${name}`, () => {
        const [artefact] = artefacts((each) => each.startsWith(name))
        assert.ok(artefact)
        const victim = new Victim(artefact, true)
        try {
          check(traced([bin, ...way], victim.top, directory))
        } finally {
          victim.close()
        }
      })
    }
  }

  test('would be seen if it did more', () => {
    const [artefact] = artefacts((each) => each.startsWith('3.6.14/restored/backup.db'))
    assert.ok(artefact)
    const victim = new Victim(artefact)
    const misdeeds = [
      "openSync(path, 'r+')",
      'utimesSync(path, 0, 0)',
      "writeFileSync(path + '.lock', '')",
      "renameSync(path, path + '.broken')",
    ]
    for (const misdeed of misdeeds) {
      const script = `const path = process.argv[1]; require('node:fs').${misdeed}`
      assert.throws(() => check(traced(['-e', script], victim.path, directory)), misdeed)
    }
    victim.close()
  })

  function check(calls: readonly string[]): void {
    const opened = calls.filter((line) => line.startsWith('open'))
    assert.ok(opened.length > 0, 'nothing was opened: is the trace what we take it for?')
    for (const line of calls) {
      const [call = ''] = /^\w+/.exec(line) ?? []
      if (call === 'mmap')
        assert.doesNotMatch(line, /MAP_SHARED.*PROT_WRITE|PROT_WRITE.*MAP_SHARED/)
      else assert.ok(HARMLESS.has(call), line)
      if (call.startsWith('open')) assert.doesNotMatch(line, WRITING)
      if (call === 'ioctl') assert.match(line, /TCGETS|FIOCLEX/)
    }
  }
})
