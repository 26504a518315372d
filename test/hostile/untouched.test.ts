/** Inputs stay as they are: their bytes, times and directories; and nobody needs to be root. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  chmodSync,
  cpSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { bin, plainEnv, root } from '../cli/spawn.ts'
import { CHANGES, sample } from './damage.ts'
import { run, WAYS } from './program.ts'
import { artefacts, Victim } from './victim.ts'

const files = artefacts((name) =>
  /^3\.(3\.25\/killed|5\.33|6\.14\/restored\/(data|backup))/.test(name),
)

/** Everything about everything below a directory, but for when it was read. */
function stateOf(directory: string): string[] {
  return ['.', ...readdirSync(directory, { recursive: true, encoding: 'utf8' })]
    .sort()
    .map((name) => {
      const path = join(directory, name)
      const { mode, uid, gid, size, ino, nlink, mtimeNs, ctimeNs } = lstatSync(path, {
        bigint: true,
      })
      const isFile = lstatSync(path).isFile()
      const hash = isFile ? createHash('sha256').update(readFileSync(path)).digest('hex') : ''
      return [name, mode, uid, gid, size, ino, nlink, mtimeNs, ctimeNs, hash].join(' ')
    })
}

function unchanged(directory: string, act: () => void): void {
  const before = stateOf(directory)
  act()
  assert.deepEqual(stateOf(directory), before)
}

describe('an inspection leaves its input as it was', () => {
  for (const [position, artefact] of files.entries()) {
    test(artefact.name, () => {
      const victim = new Victim(artefact, true)
      try {
        const way = WAYS[position % WAYS.length] as string[]
        const other = WAYS[(position + 3) % WAYS.length] as string[]
        const above = dirname(victim.top)
        unchanged(above, () => run([...way, victim.top]))
        const [offset = 0] = sample(victim.intact.length, 1)
        victim.set(offset, CHANGES[1]?.(victim.intact[offset] as number, offset) as number)
        unchanged(above, () => run([...other, victim.top]))
        victim.cut(victim.intact.length - 100 - position)
        unchanged(above, () => run([...other, victim.path]))
      } finally {
        victim.close()
      }
    })
  }
})

describe('as a user without any rights', { skip: process.getuid?.() !== 0 }, () => {
  let directory = ''
  before(() => {
    directory = mkdtempSync(join(tmpdir(), 'etcdsnap-user-'))
    const [artefact] = files
    assert.ok(artefact)
    cpSync(artefact.dataDir, join(directory, 'data'), { recursive: true })
    // The program where the user can read it.
    cpSync(join(root, 'dist'), join(directory, 'dist'), { recursive: true })
    cpSync(dirname(bin), join(directory, 'bin'), { recursive: true })
    for (const name of ['package.json']) cpSync(join(root, name), join(directory, name))
    chmodSync(directory, 0o555)
  })
  after(() => {
    chmodSync(directory, 0o755)
    rmSync(directory, { recursive: true })
  })

  const chmodAll = (mode: number, directories: number): void => {
    for (const name of [
      '.',
      ...readdirSync(join(directory, 'data'), { recursive: true, encoding: 'utf8' }),
    ]) {
      const path = join(directory, 'data', name)
      chmodSync(path, lstatSync(path).isDirectory() ? directories : mode)
    }
  }
  const asNobody = { uid: 54_321, cwd: '/', timeout: 20_000 }

  test('reads a read-only directory', () => {
    chmodAll(0o444, 0o555)
    unchanged(directory, () => {
      const bin = join(directory, 'bin', 'run.js')
      for (const way of WAYS) {
        const { status } = run([...way, join(directory, 'data')], { ...asNobody, bin })
        assert.equal(status, 0, way.join(' '))
      }
    })
  })

  test('says what it may not read', () => {
    const bin = join(directory, 'bin', 'run.js')
    chmodAll(0o400, 0o555)
    assert.deepEqual(refusals(), [3, 3, 3, 3, 3, 3])
    chmodAll(0o400, 0o500)
    assert.deepEqual(refusals(), [3, 3, 3, 3, 3, 3])

    function refusals(): (number | null)[] {
      return WAYS.map((way) => run([...way, join(directory, 'data')], { ...asNobody, bin }).status)
    }
  })
})

test('a file that grows and shrinks while it is read', async () => {
  const [artefact] = files.filter(({ name }) => name.endsWith('.wal'))
  assert.ok(artefact)
  const victim = new Victim(artefact)
  const long = Buffer.concat([victim.intact, Buffer.alloc(8 * 1024 * 1024)])
  const copy = join(dirname(victim.path), 'intact')
  writeFileSync(copy, long)
  const script = `
    const { ftruncateSync, openSync, readFileSync, writeSync } = require('node:fs')
    const [, path, copy] = process.argv
    const bytes = readFileSync(copy)
    const fd = openSync(path, 'r+')
    for (let i = 0; ; i++) {
      ftruncateSync(fd, (i * 7919) % bytes.length)
      writeSync(fd, bytes, 0, (i * 104729) % bytes.length, 0)
    }`
  const writer = spawn(process.execPath, ['-e', script, victim.path, copy], { env: plainEnv })
  try {
    for (let i = 0; i < 12; i++) run([...(WAYS[i % WAYS.length] as string[]), victim.path])
    assert.equal(writer.exitCode, null)
  } finally {
    writer.kill('SIGKILL')
    victim.close()
  }
})
