import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { bundleProgram } from '../../scripts/bundle.ts'
import { temporaryDirectory } from './spawn.ts'

describe('what a start evaluates', async () => {
  const closures = new Map<string, Set<string>>()

  test('the entry: nothing of oclif', async (t) => {
    const { inputs } = await bundleProgram(temporaryDirectory(t))
    for (const start of [
      'etcdsnap.ts',
      'src/cli/config.ts',
      'src/cli/help.ts',
      'src/cli/base-command.ts',
      'src/commands/inspect/index.ts',
      'src/commands/inspect/log.ts',
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

  test('a command: what unpacks only when something is packed', () => {
    for (const command of ['index', 'log']) {
      const start = `src/commands/inspect/${command}.ts`
      assert.ok(modules(start, /src\/lib\/io\/open-source/).length > 0)
      assert.deepEqual(modules(start, /node_modules\/(zstddec|yauzl)\//), [])
    }
  })

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
