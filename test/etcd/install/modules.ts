/**
 * Builds the programs of etcd and bbolt from their Go modules.
 *
 * `go install package@version` refuses modules with replace lines, so a module of ours requires
 * them and `go build` makes them.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { run } from './run.ts'
import { isAtLeast, pinOf, type Tool } from './versions.ts'

const modules = {
  etcd: 'go.etcd.io/etcd/server/v3',
  etcdctl: 'go.etcd.io/etcd/etcdctl/v3',
  etcdutl: 'go.etcd.io/etcd/etcdutl/v3',
  'etcd-dump-logs': 'go.etcd.io/etcd/v3',
  'etcd-small-segments': 'go.etcd.io/etcd/server/v3',
  bbolt: 'go.etcd.io/bbolt',
}

const mainPackages = {
  ...modules,
  'etcd-dump-logs': 'go.etcd.io/etcd/v3/tools/etcd-dump-logs',
  'etcd-small-segments': './small-segments',
  bbolt: 'go.etcd.io/bbolt/cmd/bbolt',
}

/** Builds `tools` of `version` into `dir`, one after the other. */
export async function buildFromModules(version: string, tools: Tool[], dir: string): Promise<void> {
  if (!isAtLeast(version, '3.5')) {
    throw new Error(`etcd ${version} is not published as Go modules; only 3.5 and later are`)
  }
  const source = path.join(dir, 'build')
  mkdirSync(path.join(source, 'small-segments'), { recursive: true })
  writeFileSync(path.join(source, 'small-segments/main.go'), smallSegmentsMain(version))
  writeFileSync(path.join(source, 'go.mod'), goMod(version, tools))

  for (const tool of tools) {
    const output = path.join(dir, tool)
    const args = ['build', '-mod=mod', '-trimpath', '-o', output, mainPackages[tool]]
    await run('go', args, { cwd: source })
  }
}

/** Requires the modules of `tools`, and the server that all of them are linked with. */
function goMod(version: string, tools: Tool[]): string {
  const required = new Map([[modules.etcd, version]])
  for (const tool of tools) {
    required.set(modules[tool], version)
  }
  const { dumpLogs = version, bbolt } = pinOf(version)
  if (tools.includes('etcd-dump-logs')) {
    required.set(modules['etcd-dump-logs'], dumpLogs)
  }
  if (tools.includes('bbolt') && bbolt) {
    required.set(modules.bbolt, bbolt)
  }
  const requires = [...required].map(([name, at]) => `require ${name} v${at}\n`)
  return `module etcdtools\n\ngo 1.26\n\n${requires.join('')}`
}

/** An etcd whose WAL segments are cut at 16 KiB, to get several of them into a small fixture. */
function smallSegmentsMain(version: string): string {
  const server = 'go.etcd.io/etcd/server/v3'
  const wal = isAtLeast(version, '3.6') ? `${server}/storage/wal` : `${server}/wal`
  return `package main

import (
	"os"

	"${server}/etcdmain"
	"${wal}"
)

func main() {
	wal.SegmentSizeBytes = 16 * 1024
	etcdmain.Main(os.Args)
}
`
}
