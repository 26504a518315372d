/**
 * Measures etcdsnap against etcd's own tools, and prints the tables of README.md.
 *
 *     npx tsx bench/run.ts [txn200|puts1m|txn1g|backups|backup2g|start …] [--runs N]
 *
 * Needs what test/etcd needs (Go, Debian's packages), GNU time and openssl. txn1g and backup2g make
 * 3 and 7 GB of data, and remove them.
 */
import { cpSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs'
import { availableParallelism, cpus, loadavg } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { ensureEtcd } from '../test/etcd/install/install.ts'
import { run } from '../test/etcd/install/run.ts'
import { repoRoot, toolset } from '../test/etcd/install/versions.ts'
import { openFixture } from '../test/fixtures/open.ts'
import { benchDir, loadedBackup, loadedDataDir, removeLoaded } from './load/data.ts'
import {
  type Before,
  type Command,
  evict,
  type Sample,
  type Spread,
  sideBySide,
  spread,
} from './measure.ts'

const MIB = 1024 * 1024

const benches: Record<string, (runs: number) => Promise<void>> = {
  txn200: (runs) => wal('txn200', runs),
  puts1m: (runs) => wal('puts1m', runs),
  txn1g: async (runs) => {
    await wal('txn1g', Math.min(runs, 3))
    removeLoaded('txn1g')
  },
  backups: async (runs) => {
    for (const name of ['txn200', 'puts1m']) await backup(name, runs)
  },
  backup2g: async (runs) => {
    await backup('txn2g', Math.min(runs, 3))
    if (!process.env.KEEP) removeLoaded('txn2g')
  },
  start: async (runs) => start(4 * runs),
}

const { values, positionals } = parseArgs({
  options: { runs: { type: 'string', default: '7' } },
  allowPositionals: true,
})
const { withCache, withoutCache } = await copiesOfProgram()
const load = loadavg()[0]?.toFixed(2)
console.log(`${cpus()[0]?.model}, ${availableParallelism()} processors, load ${load}`)
console.log(`Node ${process.version}, ${new Date().toISOString().slice(0, 10)}`)
for (const name of positionals.length > 0 ? positionals : Object.keys(benches)) {
  const bench = benches[name]
  if (!bench)
    throw new Error(`unknown bench ${name}: choose from ${Object.keys(benches).join(', ')}`)
  await bench(Number(values.runs))
}

/** Reading and listing a whole log. */
async function wal(name: string, runs: number): Promise<void> {
  const dataDir = await loadedDataDir(name)
  const walDir = path.join(dataDir, 'member/wal')
  await ensureEtcd('3.6.14')
  const dumpLogs = toolset('3.6.14').bin['etcd-dump-logs'] as string
  const etcdutl = toolset('3.5.30').bin.etcdutl as string
  compare(`${name}: the whole log as text`, runs, [
    etcdsnap('inspect log -o ndjson', ['inspect', 'log', '-o', 'ndjson', walDir]),
    { name: 'etcd-dump-logs 3.6.14', argv: [dumpLogs, '-start-index', '0', dataDir] },
  ])
  compare(`${name}: read and checked`, 2 * runs, [
    etcdsnap('inspect', ['inspect', walDir]),
    {
      name: 'etcdutl check v2store 3.5.30',
      argv: [etcdutl, 'check', 'v2store', '--data-dir', dataDir],
    },
  ])
}

/**
 * A backup, judged whole. etcdutl leaves out the SHA-256, for which openssl is started, and HashKV.
 */
async function backup(name: string, runs: number): Promise<void> {
  const file = await loadedBackup(name)
  const { etcdutl } = toolset('3.5.30').bin
  const status = [etcdutl as string, 'snapshot', 'status', file]
  const both = `"$0" snapshot status "$1" && openssl dgst -sha256 "$1"`
  const commands = [
    etcdsnap('inspect', ['inspect', file]),
    {
      name: 'etcdutl snapshot status 3.5.30, openssl dgst -sha256',
      argv: ['/bin/sh', '-c', both, etcdutl as string, file],
    },
    { name: 'etcdutl snapshot status 3.5.30', argv: status },
  ]
  const size = `${Math.round(statSync(file).size / MIB)} MiB`
  compare(`${name}: a backup of ${size}, warm`, runs, commands)
  // Of 2 GiB, read at random from a disk, every run of etcdutl takes a minute.
  if (name === 'txn2g') return
  compare(`${name}: a backup of ${size}, cold`, Math.min(runs, 3), commands, () => evict(file))
}

/** The smallest thing to do: show a small `.snap`. */
function start(runs: number): void {
  const { dir } = openFixture('3.6.14', 'cluster')
  const snapDir = path.join(dir, 'm1/member/snap')
  const snap = readdirSync(snapDir).find((file) => file.endsWith('.snap')) as string
  const inspect = ['inspect', path.join(snapDir, snap)]
  compare('start: inspect of a small .snap', runs, [
    etcdsnap('inspect', inspect),
    { name: 'inspect, without V8 code cache', argv: [process.execPath, withoutCache, ...inspect] },
    { name: 'node -e 0', argv: [process.execPath, '-e', '0'] },
  ])
}

function etcdsnap(name: string, args: string[]): Command {
  return { name, argv: [process.execPath, withCache, ...args] }
}

/** Prints a table; the last command is what the others are held against, run by run. */
function compare(title: string, runs: number, commands: Command[], before?: Before): void {
  const samples = sideBySide(commands, runs, before)
  const last = samples.get(commands.at(-1) as Command) as Sample[]
  console.log(`\n### ${title}\n`)
  console.log('| | wall s | cpu s | peak MiB | wall, of the last |')
  console.log('|---|---|---|---|---|')
  for (const [command, mine] of samples) {
    const of = (figure: keyof Sample) => spread(mine.map((sample) => sample[figure]))
    const ratio = spread(mine.map(({ wall }, at) => wall / (last[at]?.wall as number)))
    const { min, median, max } = of('peak')
    const peak = { min: min / MIB, median: median / MIB, max: max / MIB }
    const cells = [of('wall'), of('cpu')].map((each) => show(each, 3))
    console.log(`| ${[command.name, ...cells, show(peak, 0), show(ratio, 3)].join(' | ')} |`)
  }
}

/** Median, and the range in which all runs lie. */
function show({ min, median, max }: Spread, digits: number): string {
  const [low, middle, high] = [min, median, max].map((value) => value.toFixed(digits))
  return low === high ? `${middle}` : `${middle} (${low}–${high})`
}

/** The built program, aside, since the build at hand may change; with V8's code cache and without. */
async function copiesOfProgram(): Promise<{ withCache: string; withoutCache: string }> {
  await run('npm', ['run', 'build'], { cwd: repoRoot })
  const copy = (name: string, isWanted: (file: string) => boolean): string => {
    const target = path.join(benchDir, name)
    rmSync(target, { recursive: true, force: true })
    mkdirSync(target, { recursive: true })
    for (const part of ['bin', 'dist', 'package.json']) {
      cpSync(path.join(repoRoot, part), path.join(target, part), {
        recursive: true,
        filter: isWanted,
      })
    }
    return path.join(target, 'bin/run.js')
  }
  return {
    withCache: copy('program', () => true),
    withoutCache: copy('program-without-cache', (file) => !file.endsWith('.cache')),
  }
}
