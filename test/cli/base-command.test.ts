import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { openSync } from 'node:fs'
import { describe, test } from 'node:test'
import { plainEnv, program, programArgs, root } from './spawn.ts'

describe('a result', () => {
  test('is a table unless asked otherwise', () => {
    assert.equal(program(['show', 'a', 'b']).stdout, 'show a b\n')
  })

  test('as JSON has the envelope and exact integers', () => {
    for (const flags of [['--json'], ['-o', 'json'], ['--output=json']]) {
      const { stdout, status } = program(['show', 'a', ...flags, '--limit', '5', 'b'])
      assert.equal(status, 0)
      assert.match(stdout, /"revision": 9223372036854775807/)
      const { revision: _, ...document } = JSON.parse(stdout)
      assert.deepEqual(document, {
        schema: 'etcdsnap/v1',
        kind: 'show',
        tool: { version: '1.2.3' },
        paths: ['a', 'b'],
        limit: 5,
      })
    }
  })

  test('as YAML is the same document', () => {
    const { stdout } = program(['show', 'a', '-o', 'yaml'])
    assert.match(stdout, /^schema: etcdsnap\/v1\nkind: show\n/)
    assert.match(stdout, /^revision: 9223372036854775807$/m)
  })
})

describe('exit codes hold for a table and for JSON', () => {
  const ends: [how: string, status: number, says: RegExp][] = [
    ['damage', 1, /^$/],
    ['refused', 4, /^etcdsnap: \/data is in use\n {2}stop etcd first\n$/],
    ['missing', 3, /^etcdsnap: open \/no\/such\/file: no such file or directory\n$/],
    [
      'bug',
      70,
      /^etcdsnap: this is a bug in etcdsnap, please report it\nTypeError: cannot happen\n/,
    ],
  ]
  for (const [how, status, says] of ends) {
    for (const flags of [[], ['--json']]) {
      test(`${how} ${flags}`, () => {
        const outcome = program(['end', how, ...flags])
        assert.equal(outcome.status, status)
        assert.match(outcome.stderr, says)
      })
    }
  }

  test('and for what comes to light while a document is written', () => {
    const { status, stdout } = program(['end', 'late', '--json'])
    assert.deepEqual(JSON.parse(stdout).items, [1])
    assert.equal(status, 1)
  })

  test('JSON carries the error', () => {
    assert.deepEqual(JSON.parse(program(['end', 'missing', '--json']).stdout).error, {
      exitCode: 3,
      code: 'ENOENT',
      path: '/no/such/file',
      message: 'open /no/such/file: no such file or directory',
    })
  })

  test('a full disk under standard output is 3', () => {
    const { status, stderr } = program(['show', 'a'], {
      stdio: ['ignore', openSync('/dev/full', 'w'), 'pipe'],
    })
    assert.equal(status, 3)
    assert.equal(stderr, 'etcdsnap: write: no space left on device\n')
  })
})

describe('a senseless command line ends with 2, one line, and what to do', () => {
  const lines: [argv: string[], stderr: string][] = [
    [['show'], 'etcdsnap: missing argument: PATH\n  see etcdsnap show --help\n'],
    [['show', 'a', '--limt', '1'], 'etcdsnap: nonexistent flag: --limt\n  did you mean: --limit\n'],
    [
      ['show', 'a', '--limit', 'x'],
      'etcdsnap: parsing --limit: Expected an integer but received: x\n  see etcdsnap --help\n',
    ],
    [
      ['show', 'a', '-o', 'xml'],
      'etcdsnap: expected --output=xml to be one of: table, json, ndjson, yaml\n  see etcdsnap --help\n',
    ],
    [
      ['show', 'a', '--json', '-o', 'yaml'],
      'etcdsnap: --json contradicts --output yaml\n  see etcdsnap --help\n',
    ],
    [
      ['show', 'log', 'a', 'b'],
      'etcdsnap: unexpected argument: b\n  see etcdsnap show log --help\n',
    ],
    [['shwo'], 'etcdsnap: there is no command shwo\n  did you mean: etcdsnap show\n'],
  ]
  for (const [argv, stderr] of lines) {
    test(argv.join(' '), () => {
      assert.deepEqual(program(argv), { status: 2, stdout: '', stderr })
    })
  }
})

describe('a run that is cut short', () => {
  const command = [process.execPath, ...programArgs].join(' ')

  test('by a closed pipe ends at once with 141', () => {
    const script = `${command} end lines | head -1; echo "\${PIPESTATUS[0]}"`
    const { stdout } = spawnSync('bash', ['-c', script], {
      cwd: root,
      env: plainEnv,
      encoding: 'utf8',
      timeout: 10_000,
    })
    assert.equal(stdout, 'line 0\n141\n')
  })

  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    test(`by ${signal} ends at once, even in a loop that never yields`, async () => {
      const child = spawn(process.execPath, [...programArgs, 'end', 'never'], {
        cwd: root,
        env: plainEnv,
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      await once(child.stdout, 'data')
      child.kill(signal)
      const [, endedBy] = await once(child, 'exit')
      // Which a shell reports as 130 and 143.
      assert.equal(endedBy, signal)
    })
  }
})
