/** The etcd versions that tests and fixtures use, and where their binaries live. */
import { readFileSync } from 'node:fs'
import path from 'node:path'

export type Tool =
  | 'etcd'
  | 'etcdctl'
  | 'etcdutl'
  | 'etcd-dump-logs'
  | 'etcd-small-segments'
  | 'bbolt'

export interface Pin {
  /** Debian suite whose archive has this version; without it the Go modules are built. */
  debian?: string
  tools: Tool[]
  /**
   * Version of the module that holds etcd-dump-logs: few patch releases of it have a record in
   * the Go checksum database. The libraries linked into the tool are those of the pinned version.
   */
  dumpLogs?: string
  /** Version of the bbolt module whose command is built: the one that this etcd is linked with. */
  bbolt?: string
}

/** The binaries of one version: absolute paths by tool name. */
export interface Toolset {
  version: string
  dir: string
  bin: Partial<Record<Tool, string>> & { etcd: string; etcdctl: string }
}

export const repoRoot = path.resolve(import.meta.dirname, '../../..')

/** Everything downloaded or built lies here, outside git. */
export const cacheDir = path.join(repoRoot, '.cache/etcd')

export const pins: Record<string, Pin> = JSON.parse(
  readFileSync(path.join(import.meta.dirname, 'versions.json'), 'utf8'),
)

/** Whether `version` belongs to minor `minor` (such as `3.5`) or a later one. */
export function isAtLeast(version: string, minor: string): boolean {
  const number = (text: string) => Number(text.split('.')[0]) * 1000 + Number(text.split('.')[1])
  return number(version) >= number(minor)
}

/** What versions.json says of `version`. */
export function pinOf(version: string): Pin {
  const pin = pins[version]
  if (!pin) {
    throw new Error(`etcd ${version} is not pinned in versions.json`)
  }
  return pin
}

/** Where the tools of `version` are once `ensureEtcd` has run. */
export function toolset(version: string): Toolset {
  const pin = pinOf(version)
  const dir = path.join(cacheDir, version)
  const bin = Object.fromEntries(pin.tools.map((tool) => [tool, path.join(dir, tool)]))
  return { version, dir, bin: bin as Toolset['bin'] }
}
