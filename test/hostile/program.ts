/** Runs the built program on hostile input, and checks what has to be true of any run. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { bin as built, plainEnv } from '../cli/spawn.ts'

/** Has the program say at its end how much memory it ever held. */
const METER = `data:text/javascript,import{readFileSync}from'node:fs';process.on('exit',()=>{
  try{process._rawDebug(/VmHWM.*/.exec(readFileSync('/proc/self/status','utf8'))[0])}catch{}})`

const EXIT_CODES: readonly (number | null)[] = [0, 1, 3]

export interface Run {
  readonly status: number | null
  readonly stdout: string
  readonly ms: number
  /** The most memory it held; undefined where the system does not tell. */
  readonly mebibytes: number | undefined
  /** Ids in the counts of a JSON document. */
  readonly ids: readonly string[]
}

export interface RunOptions {
  /** The program, when it is not the built one. */
  readonly bin?: string
  readonly cwd?: string
  readonly uid?: number
  readonly timeout?: number
}

/** Every way in which the two commands show a path. */
export const WAYS: readonly (readonly string[])[] = [
  ['inspect'],
  ['inspect', '--json'],
  ['inspect', '-o', 'ndjson'],
  ['inspect', 'log'],
  ['inspect', 'log', '--json', '--raw', '--values', 'json'],
  ['inspect', 'log', '-o', 'ndjson'],
]

/** Runs and checks: the exit code is one of the contract's, the output whole, and no stack trace. */
export function run(args: readonly string[], options: RunOptions = {}): Run {
  const { bin = built, timeout = 20_000, uid, cwd } = options
  const started = performance.now()
  const child = spawnSync(process.execPath, [`--import=${METER}`, bin, ...args], {
    env: plainEnv,
    encoding: 'utf8',
    maxBuffer: 1024 ** 3,
    timeout,
    ...(cwd === undefined ? {} : { cwd }),
    ...(uid === undefined ? {} : { uid, gid: uid }),
  })
  const ms = performance.now() - started
  const { status, signal, stdout, stderr } = child
  const what = `${args.join(' ')}: ${stderr}`
  assert.equal(signal, null, `ended by ${signal} after ${Math.round(ms)} ms: ${what}`)
  assert.ok(EXIT_CODES.includes(status), `exit code ${status}: ${what}`)
  assert.doesNotMatch(stderr, /^\s+at |bug in etcdsnap|Error:/m, what)
  const kibibytes = /VmHWM:\s+(\d+)/.exec(stderr)?.[1]
  return {
    status,
    stdout,
    ms,
    mebibytes: kibibytes === undefined ? undefined : Number(kibibytes) / 1024,
    ids: idsOf(args, stdout),
  }
}

/** Parses what claims to be JSON. */
function idsOf(args: readonly string[], stdout: string): string[] {
  if (args.includes('--json')) {
    const { schema, counts, error } = JSON.parse(stdout)
    assert.equal(schema, 'etcdsnap/v1')
    assert.equal(error, undefined)
    return Object.keys(counts)
  }
  if (!args.includes('ndjson')) return []
  const lines = stdout.trimEnd().split('\n')
  const parsed = lines.map((line) => JSON.parse(line))
  assert.equal(parsed[0].type, 'header')
  assert.equal(parsed.at(-1).type, 'summary')
  return Object.keys(parsed.at(-1).counts ?? {})
}
