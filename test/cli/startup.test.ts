import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { bundleProgram } from '../../scripts/bundle.ts'
import { bin, copyOfProgram, plainEnv, root, temporaryDirectory } from './spawn.ts'

describe('what a start evaluates', async () => {
  const closures = new Map<string, Set<string>>()

  test('the entry: nothing of oclif', async (t) => {
    const { inputs } = await bundleProgram(temporaryDirectory(t))
    for (const start of [
      'etcdsnap.ts',
      'src/cli/config.ts',
      'src/cli/help.ts',
      'src/cli/base-command.ts',
    ]) {
      closures.set(start, evaluated(inputs, start))
    }
    assert.deepEqual(modules('etcdsnap.ts', /node_modules|src\/lib/), [])
  })

  for (const start of ['src/cli/config.ts', 'src/cli/help.ts', 'src/cli/base-command.ts']) {
    test(`${start}: none of the heavy libraries`, () => {
      assert.deepEqual(modules(start, /node_modules\/(protobufjs|chalk|cli-table3|yaml)\//), [])
      assert.deepEqual(modules(start, /@oclif\/core\/lib\/index\.js|generated/), [])
    })
  }

  function modules(start: string, wanted: RegExp): string[] {
    return [...(closures.get(start) ?? [])].filter((path) => wanted.test(path))
  }
})

type Inputs = Awaited<ReturnType<typeof bundleProgram>>['inputs']

/** All that runs when `start` is imported; what is behind an `import()` does not. */
function evaluated(inputs: Inputs, start: string): Set<string> {
  const found = new Set<string>()
  const open = [start]
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    if (found.has(path)) continue
    const input = inputs[path]
    assert.ok(input, `${path} is in the bundle`)
    found.add(path)
    for (const { path: next, kind, external } of input.imports) {
      if (kind !== 'dynamic-import' && !external) open.push(next)
    }
  }
  return found
}

describe('how long a start takes, in starts of a bare node', () => {
  const snap = join('test', 'fixtures', '3.5.16', 'restored', 'data', 'member', 'snap')
  const inspect = ['inspect', join(root, snap, '0000000000000001-0000000000000001.snap')]

  test('--version: at most 2', () => {
    assert.ok(factor([bin, '--version']) <= 2)
  })

  test('inspect of a small .snap: at most 2.5', () => {
    assert.ok(factor([bin, ...inspect]) <= 2.5)
  })

  test('and without the code cache: at most 4', (t) => {
    assert.ok(factor([copyOfProgram(t).bin, ...inspect]) <= 4)
  })
})

/** The quickest of several runs: what else the machine does only ever makes a run slower. */
function factor(args: string[], runs = 15): number {
  const best = { bare: Number.POSITIVE_INFINITY, ours: Number.POSITIVE_INFINITY }
  for (let i = 0; i < runs; i++) {
    best.bare = Math.min(best.bare, milliseconds(['-e', '0']))
    best.ours = Math.min(best.ours, milliseconds(args))
  }
  return best.ours / best.bare
}

function milliseconds(args: string[]): number {
  const start = process.hrtime.bigint()
  spawnSync(process.execPath, args, { cwd: root, env: plainEnv, stdio: 'ignore' })
  return Number(process.hrtime.bigint() - start) / 1e6
}
