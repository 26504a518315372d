/**
 * Runs the tests: `npm test [-- NAME…]`, or with --etcd the suites that need real etcd servers.
 * NAMEs pick the test files whose path contains one. Node 20 expands no globs, so we list the files.
 */
import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const { values, positionals: names } = parseArgs({
  options: { etcd: { type: 'boolean', default: false } },
  allowPositionals: true,
})

const root = fileURLToPath(new URL('..', import.meta.url))
const files = testFiles().filter((file) => file.startsWith(join('test', 'etcd')) === values.etcd)
const chosen = files.filter(
  (file) => names.length === 0 || names.some((name) => file.includes(name)),
)
if (chosen.length === 0) {
  console.error(`no test file matches ${names.join(' ')}`)
  process.exit(2)
}

// Off a terminal the TAP reporter: its closing lines are the counts, after any failure.
const reporter = process.stdout.isTTY ? 'spec' : 'tap'
const { status } = spawnSync(
  process.execPath,
  [
    '--import=tsx',
    '--test',
    `--test-reporter=${reporter}`,
    `--test-concurrency=${values.etcd ? 1 : availableParallelism()}`,
    ...chosen,
  ],
  { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] },
)
process.exitCode = status ?? 1

function testFiles(): string[] {
  return readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => join('test', name))
    .sort()
}
