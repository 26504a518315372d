/**
 * Makes the big data dirs that benches and the oracle test read, in `.cache/bench/`.
 *
 *     npx tsx bench/load/make.ts [txn200|puts1m|mixed100k …]
 */
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { Cluster } from '../../test/etcd/cluster.ts'
import { run } from '../../test/etcd/install/run.ts'
import { repoRoot } from '../../test/etcd/install/versions.ts'

const version = '3.5.30'
const benchDir = path.join(repoRoot, '.cache/bench')

const loads: Record<string, string[]> = {
  txn200: ['-mode', 'txn', '-n', '200000', '-size', '1024', '-per-txn', '100', '-workers', '16'],
  puts1m: ['-mode', 'puts', '-n', '1000000', '-size', '64'],
  mixed100k: ['-mode', 'mixed', '-n', '100000', '-size', '64'],
}

/** Keeps every segment and snapshot, so that the whole log stays on disk. */
const keepAll = ['--snapshot-count', '10000000', '--max-wals', '0', '--max-snapshots', '0']
const quick = ['--unsafe-no-fsync', '--quota-backend-bytes', '8000000000']

async function make(name: string, loadArgs: string[]): Promise<void> {
  const target = path.join(benchDir, name)
  if (existsSync(target)) {
    return
  }
  const dir = path.join(benchDir, `.making-${name}`)
  rmSync(dir, { recursive: true, force: true })
  const cluster = await Cluster.start({ version, dir, args: [...keepAll, ...quick] })
  const [member] = cluster.members
  const loader = await buildLoader()
  const endpoint = member?.clientUrl.replace('http://', '') ?? ''
  console.log((await run(loader, ['-endpoints', endpoint, ...loadArgs])).trim())
  const status = await cluster.etcdctl(['endpoint', 'status', '-w', 'json'])
  const hash = await cluster.etcdctl(['endpoint', 'hashkv', '-w', 'json'])
  await cluster.stop()
  writeFileSync(path.join(benchDir, `${name}.status.json`), `${status.trim()}\n`)
  writeFileSync(path.join(benchDir, `${name}.hashkv.json`), `${hash.trim()}\n`)
  renameSync(path.join(dir, 'm1'), target)
  rmSync(dir, { recursive: true })
}

async function buildLoader(): Promise<string> {
  const output = path.join(benchDir, 'load')
  mkdirSync(benchDir, { recursive: true })
  await run('go', ['build', '-trimpath', '-o', output, '.'], { cwd: import.meta.dirname })
  return output
}

const asked = process.argv.slice(2)
for (const name of asked.length > 0 ? asked : Object.keys(loads)) {
  const load = loads[name]
  if (!load) {
    throw new Error(`unknown data dir ${name}: choose from ${Object.keys(loads).join(', ')}`)
  }
  await make(name, load)
  console.log(`${path.relative(repoRoot, benchDir)}/${name}`)
}
