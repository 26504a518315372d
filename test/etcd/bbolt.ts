/** bbolt's own command: what its `check` says of a file, if it survives. */
import { execFile } from 'node:child_process'
import { ensureEtcd } from './install/install.ts'
import { run } from './install/run.ts'

/** The kinds of problems that `bbolt check` knows. */
export type Kind =
  | 'already freed'
  | 'unreachable unfreed'
  | 'multiple references'
  | 'reachable freed'
  | 'out of bounds'
  | 'type'
  | 'order'

/** One line of what `bbolt check` prints. */
export interface Problem {
  readonly kind: Kind
  readonly page: number
  /** The pages from the root of the bucket on, where it says so; the last may be `page` itself. */
  readonly stack: readonly number[]
  readonly line: string
}

export interface Check {
  /** False when it panics or is caught in a loop, so that nobody gets to read what it found. */
  readonly survived: boolean
  readonly problems: readonly Problem[]
  readonly stdout: string
}

const LINES: readonly [RegExp, Kind][] = [
  [/^page (\d+): already freed/, 'already freed'],
  [/^page (\d+): unreachable unfreed/, 'unreachable unfreed'],
  [/^page (\d+): multiple references/, 'multiple references'],
  [/^page (\d+): reachable freed/, 'reachable freed'],
  [/^page (\d+): out of bounds/, 'out of bounds'],
  [/^page (\d+): invalid type/, 'type'],
  [/^unexpected page type \(flags: \w+\) for pgId:(\d+)/, 'type'],
  [/^(?:the first )?key\[\d+\]=.* on (?:leaf|branch) page\((\d+)\) needs to be/, 'order'],
]

/** Since 1.5.0 it reports many panics as a problem among others, and stops there. */
const PANIC = /^(panic: assertion failed|runtime error)/

const LONGEST_MS = 5000

/** The command of the bbolt that etcd 3.7.1 is linked with, 1.5.0. */
export async function bboltProgram(): Promise<string> {
  const { bbolt } = (await ensureEtcd('3.7.1')).bin
  if (bbolt === undefined) throw new Error('bbolt is not installed')
  return bbolt
}

/** Writes a copy with a freelist, as every bbolt but that of etcd on Linux does. */
export async function withFreelist(db: string, copy: string): Promise<void> {
  await run(await bboltProgram(), ['surgery', 'freelist', 'rebuild', db, '--output', copy])
}

export async function check(db: string): Promise<Check> {
  const program = await bboltProgram()
  const { status, stdout } = await new Promise<{ status: unknown; stdout: string }>((resolve) => {
    const options = { timeout: LONGEST_MS, maxBuffer: 64 * 1024 * 1024 }
    execFile(program, ['check', db], options, (error, stdout) =>
      resolve({ status: error ? error.code : 0, stdout }),
    )
  })
  // 1 with problems found; 2 when Go panics; null when it was ended.
  const survived = status === 0 || status === 1
  const problems = survived ? stdout.split('\n').flatMap(problemOf) : []
  return { survived, problems, stdout }
}

function problemOf(line: string): Problem[] {
  for (const [pattern, kind] of LINES) {
    const page = pattern.exec(line)?.[1]
    if (page === undefined) continue
    const stack = /stack: \[([\d ]*)\]/i.exec(line)?.[1]?.split(' ') ?? []
    return [{ kind, page: Number(page), stack: stack.map(Number), line }]
  }
  const isKnown = /^(OK|\d+ errors found|)$/.test(line) || PANIC.test(line)
  if (!isKnown) throw new Error(`bbolt check says: ${line}`)
  return []
}
