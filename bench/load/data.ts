/** Big data dirs that real servers wrote under load, in `.cache/bench/`. */
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { Cluster } from '../../test/etcd/cluster.ts'
import { run } from '../../test/etcd/install/run.ts'
import { repoRoot } from '../../test/etcd/install/versions.ts'

const version = '3.5.30'

export const benchDir = path.join(repoRoot, '.cache/bench')

/** What is put into each, as flags of the loader: see main.go. */
export const loads: Record<string, string[]> = {
  txn200: ['-mode', 'txn', '-n', '200000', '-size', '1024', '-per-txn', '100', '-workers', '16'],
  txn2g: ['-mode', 'txn', '-n', '1550000', '-size', '1024', '-per-txn', '100', '-workers', '16'],
  txn1g: ['-mode', 'txn', '-n', '1000000', '-size', '1024', '-per-txn', '100', '-workers', '16'],
  puts1m: ['-mode', 'puts', '-n', '1000000', '-size', '64'],
  mixed100k: ['-mode', 'mixed', '-n', '100000', '-size', '64'],
}

/** Keeps every segment and snapshot, so that the whole log stays on disk. */
const keepAll = ['--snapshot-count', '10000000', '--max-wals', '0', '--max-snapshots', '0']
const quick = ['--unsafe-no-fsync', '--quota-backend-bytes', '8000000000']

/** The path of a data dir, which is made when it is not there. */
export async function loadedDataDir(name: string): Promise<string> {
  const load = loads[name]
  if (!load) {
    throw new Error(`unknown data dir ${name}: choose from ${Object.keys(loads).join(', ')}`)
  }
  const target = path.join(benchDir, name)
  if (!existsSync(target)) {
    await make(name, load, target)
  }
  return target
}

/** The path of a backup of the same content, saved by `etcdctl snapshot save`. */
export async function loadedBackup(name: string): Promise<string> {
  const backup = backupPath(name)
  if (!existsSync(backup)) {
    rmSync(path.join(benchDir, name), { recursive: true, force: true })
    await loadedDataDir(name)
  }
  return backup
}

/** Removes all that was made of a load. */
export function removeLoaded(name: string): void {
  const files = [`${name}.status.json`, `${name}.hashkv.json`].map((file) =>
    path.join(benchDir, file),
  )
  for (const each of [path.join(benchDir, name), backupPath(name), ...files]) {
    rmSync(each, { recursive: true, force: true })
  }
}

function backupPath(name: string): string {
  return path.join(benchDir, `${name}.backup.db`)
}

async function make(name: string, load: string[], target: string): Promise<void> {
  const dir = path.join(benchDir, `.making-${name}`)
  rmSync(dir, { recursive: true, force: true })
  const cluster = await Cluster.start({ version, dir, args: [...keepAll, ...quick] })
  const [member] = cluster.members
  await runLoader(member?.clientUrl ?? '', load)
  const status = await cluster.etcdctl(['endpoint', 'status', '-w', 'json'])
  const hash = await cluster.etcdctl(['endpoint', 'hashkv', '-w', 'json'])
  rmSync(backupPath(name), { force: true })
  await cluster.etcdctl(['snapshot', 'save', backupPath(name)])
  await cluster.stop()
  writeFileSync(path.join(benchDir, `${name}.status.json`), `${status.trim()}\n`)
  writeFileSync(path.join(benchDir, `${name}.hashkv.json`), `${hash.trim()}\n`)
  renameSync(path.join(dir, 'm1'), target)
  rmSync(dir, { recursive: true })
}

/** Loads a running server; resolves when all is written. */
export async function runLoader(clientUrl: string, load: string[]): Promise<void> {
  const loader = path.join(benchDir, 'load')
  mkdirSync(benchDir, { recursive: true })
  await run('go', ['build', '-trimpath', '-o', loader, '.'], { cwd: import.meta.dirname })
  await run(loader, ['-endpoints', clientUrl.replace('http://', ''), ...load])
}
