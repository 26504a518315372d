/** Measures commands as whole processes, side by side. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

/** A command with its arguments; what it prints is thrown away. */
export interface Command {
  name: string
  argv: string[]
}

/** What is done before each run, and not measured. */
export type Before = () => void

/** One run: seconds, and bytes. */
export interface Sample {
  wall: number
  cpu: number
  peak: number
}

/** Nothing of the machine's own slows the start of Node: a bundle of certificates takes 50 ms. */
const environment = { PATH: process.env.PATH, HOME: tmpdir() }

/**
 * Runs the commands in turn, A B C A B C …, so that all of them see the same machine; the first
 * round warms the page cache and is not counted.
 */
export function sideBySide(
  commands: readonly Command[],
  runs: number,
  before: Before = () => {},
): Map<Command, Sample[]> {
  const samples = new Map(commands.map((command) => [command, [] as Sample[]]))
  for (let round = 0; round <= runs; round++) {
    for (const command of commands) {
      before()
      const sample = measure(command)
      if (round > 0) samples.get(command)?.push(sample)
    }
  }
  return samples
}

/** Drops a file from the page cache, so that the next read of it goes to the disk. */
export function evict(file: string): void {
  const { status } = spawnSync('dd', [`if=${file}`, 'of=/dev/null', 'iflag=nocache', 'count=0'])
  if (status !== 0) throw new Error(`cannot drop ${file} from the page cache`)
}

/** Processor time and memory as the kernel accounts for them; needs GNU time. */
function measure({ argv }: Command): Sample {
  const dir = mkdtempSync(path.join(tmpdir(), 'bench-'))
  try {
    const report = path.join(dir, 'time')
    const started = process.hrtime.bigint()
    const { status } = spawnSync('/usr/bin/time', ['-f', '%U %S %M', '-o', report, ...argv], {
      env: environment,
      stdio: 'ignore',
    })
    const wall = Number(process.hrtime.bigint() - started) / 1e9
    if (status !== 0) throw new Error(`${argv.join(' ')} ended with ${status}`)
    const [user, system, kib] = readFileSync(report, 'utf8').trim().split(' ').map(Number)
    return { wall, cpu: (user ?? 0) + (system ?? 0), peak: (kib ?? 0) * 1024 }
  } finally {
    rmSync(dir, { recursive: true })
  }
}

/** Least, median and greatest. */
export interface Spread {
  min: number
  median: number
  max: number
}

export function spread(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle] as number
  const median = sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] as number) + upper) / 2
  return { min: sorted[0] as number, median, max: sorted.at(-1) as number }
}
