import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { chmodSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import manifest from '../../package.json' with { type: 'json' }
import { bin, copyOfProgram, etcdsnap, node, plainEnv, root } from './spawn.ts'

const version = `etcdsnap/${manifest.version} ${process.platform}-${process.arch} node-${process.version}\n`

describe('the built program', () => {
  test('says its version', () => {
    for (const flag of ['--version', '-v']) {
      assert.deepEqual(etcdsnap([flag]), { status: 0, stdout: version, stderr: '' })
    }
  })

  test('shows help when it is given nothing to do', () => {
    const { status, stdout, stderr } = etcdsnap([])
    assert.equal(status, 0)
    assert.equal(stderr, '')
    assert.ok(stdout.startsWith(manifest.description))
    assert.match(stdout, /^ {2}completion +Print/m)
  })

  test('shows a command’s exit codes in its help', () => {
    for (const args of [
      ['completion', '--help'],
      ['completion', 'bash', '-h'],
      ['help', 'completion'],
    ]) {
      const { status, stdout } = etcdsnap(args)
      assert.equal(status, 0)
      assert.match(stdout, /^EXIT CODES\n {2}0 +printed\n {2}2 +usage/m)
    }
  })

  test('suggests the command that was meant', () => {
    assert.deepEqual(etcdsnap(['compeltion', '--help']), {
      status: 2,
      stdout: '',
      stderr: 'etcdsnap: there is no command compeltion\n  did you mean: etcdsnap completion\n',
    })
  })

  test('writes no escape sequences into a pipe', () => {
    for (const env of [plainEnv, { ...plainEnv, NO_COLOR: '1' }]) {
      for (const args of [
        ['--help'],
        ['completion', '--help'],
        ['completion', 'bash'],
        ['nonsense'],
      ]) {
        const { stdout, stderr } = etcdsnap(args, { env })
        assert.ok(!`${stdout}${stderr}`.includes('\x1b'))
      }
    }
  })

  test('takes a closed pipe for 141 and a full disk for 3, whatever it prints', () => {
    for (const args of ['--version', '--help', 'completion bash']) {
      const script = `'${process.execPath}' '${bin}' ${args}`
      const closed = `${script} | true; echo "\${PIPESTATUS[0]}"`
      const pipe = spawnSync('bash', ['-c', closed], { env: plainEnv, encoding: 'utf8' })
      assert.match(pipe.stdout, /^(141|0)\n$/)
      assert.equal(pipe.stderr, '')
      const disk = spawnSync('bash', ['-c', `${script} >/dev/full`], {
        env: plainEnv,
        encoding: 'utf8',
      })
      assert.equal(disk.stderr, 'etcdsnap: write: no space left on device\n')
      assert.equal(disk.status, 3)
    }
  })

  test('runs as a user that has no name and no home', { skip: process.getuid?.() !== 0 }, (t) => {
    const { bin, dist } = copyOfProgram(t)
    chmodSync(join(dist, '..'), 0o755)
    const { PATH } = process.env
    const { status, stdout, stderr } = node([bin, '--help'], {
      cwd: '/',
      env: { PATH },
      uid: 54_321,
      gid: 54_321,
    })
    assert.equal(stderr, '')
    assert.equal(status, 0)
    assert.match(stdout, /^USAGE/m)
  })

  test('takes no notice of oclif plugins, themes and settings in the home directory', (t) => {
    const { dist } = copyOfProgram(t)
    const env = { ...plainEnv, HOME: dist, XDG_DATA_HOME: dist, XDG_CONFIG_HOME: dist }
    const plain = etcdsnap(['--help'])
    writeFileSync(join(dist, 'theme.json'), '{"bin":"red"}')
    assert.deepEqual(etcdsnap(['--help'], { env }), plain)
  })
})

describe('V8’s code cache', () => {
  const cacheName = `etcdsnap.${process.version}-${process.arch}.cache`

  test('is built, and V8 takes it', () => {
    const script = `
      const { readFileSync } = require('node:fs')
      const source = require('node:module').wrap(readFileSync('dist/etcdsnap.cjs', 'utf8'))
      const cachedData = readFileSync('dist/${cacheName}').subarray(0, -4)
      const script = new (require('node:vm').Script)(source, { cachedData })
      process.exit(script.cachedDataRejected ? 1 : 0)`
    assert.equal(node(['-e', script], {}).status, 0)
  })

  test('is not needed', (t) => {
    const { bin, dist } = copyOfProgram(t)
    assert.deepEqual(readdirSync(dist), ['etcdsnap.cjs'])
    assert.equal(node([bin, '--version'], {}).stdout, version)
  })

  const cache = () => readFileSync(join(root, 'dist', cacheName))
  const damaged: [what: string, bytes: () => Buffer][] = [
    ['empty', () => Buffer.alloc(0)],
    ['cut short', () => cache().subarray(0, 5000)],
    ['of another build', () => Buffer.concat([cache().subarray(0, -4), Buffer.alloc(4)])],
    ['damaged inside', () => cache().fill(0xff, 100_000, 100_100)],
    ['noise', () => Buffer.alloc(100_000, 'noise')],
  ]
  for (const [what, bytes] of damaged) {
    test(`is ignored when it is ${what}`, (t) => {
      const { bin, dist } = copyOfProgram(t)
      writeFileSync(join(dist, cacheName), bytes())
      const { status, stdout, stderr } = node([bin, 'completion', '--help'], {})
      assert.equal(stderr, '')
      assert.equal(status, 0)
      assert.equal(stdout, etcdsnap(['completion', '--help']).stdout)
    })
  }
})

test('the bundle runs by itself', () => {
  const outcome = spawnSync(process.execPath, [join(root, 'dist', 'etcdsnap.cjs'), '--version'], {
    encoding: 'utf8',
  })
  assert.equal(outcome.stdout, version)
})

test('bin/dev.js runs from source', () => {
  const dev = join(bin, '..', 'dev.js')
  const { stdout, stderr } = node(['--import=tsx', dev, 'completion', 'fish'], {})
  assert.equal(stderr, '')
  assert.equal(stdout, etcdsnap(['completion', 'fish']).stdout)
})
