import { type SpawnSyncOptions, spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../..', import.meta.url))
export const bin = join(root, 'bin', 'run.js')

export interface Outcome {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

/** An environment in which nothing of the machine's own shows. */
export const plainEnv: NodeJS.ProcessEnv = { PATH: process.env.PATH, HOME: tmpdir() }

/** Runs the built etcdsnap. */
export function etcdsnap(args: readonly string[], options: SpawnSyncOptions = {}): Outcome {
  return node([bin, ...args], options)
}

/** Runs the commands of test/cli/program.ts on the source's own start and base command. */
export function program(args: readonly string[], options: SpawnSyncOptions = {}): Outcome {
  return node([...programArgs, ...args], options)
}

export const programArgs = ['--import=tsx', join(root, 'test', 'cli', 'program.ts')]

export function node(args: readonly string[], options: SpawnSyncOptions): Outcome {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: root,
    env: plainEnv,
    ...options,
    encoding: 'utf8',
  })
  return { status, stdout, stderr }
}

/** A copy of the built program without its code cache, to be damaged; returns its bin/run.js. */
export function copyOfProgram(t: TestContext): { bin: string; dist: string } {
  const directory = temporaryDirectory(t)
  const dist = join(directory, 'dist')
  mkdirSync(dist)
  cpSync(join(root, 'dist', 'etcdsnap.cjs'), join(dist, 'etcdsnap.cjs'))
  cpSync(dirname(bin), join(directory, 'bin'), { recursive: true })
  writeFileSync(join(directory, 'package.json'), '{"type":"module"}')
  return { bin: join(directory, 'bin', 'run.js'), dist }
}

export function temporaryDirectory(t: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), 'etcdsnap-test-'))
  t.after(() => rmSync(directory, { recursive: true }))
  return directory
}
