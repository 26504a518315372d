/**
 * Installs the pinned etcd versions into `.cache/etcd/<version>/`.
 *
 *     npx tsx test/etcd/install/install.ts [version…]
 */
import { existsSync, mkdirSync, realpathSync, renameSync, rmSync } from 'node:fs'
import path from 'node:path'
import { installFromDebian, VersionGone } from './debian.ts'
import { buildFromModules } from './modules.ts'
import { cacheDir, isAtLeast, pinOf, pins, type Tool, type Toolset, toolset } from './versions.ts'

export { pins, type Toolset, toolset } from './versions.ts'

let queue: Promise<unknown> = Promise.resolve()

/** Installs what `version` lacks; calls queue up, since a Go build takes every core. */
export function ensureEtcd(version: string): Promise<Toolset> {
  const result = queue.then(() => install(version))
  queue = result.catch(() => undefined)
  return result
}

async function install(version: string): Promise<Toolset> {
  const tools = toolset(version)
  const isMissing = (tool: Tool) => !existsSync(path.join(tools.dir, tool))
  const missing = pinOf(version).tools.filter(isMissing)
  if (missing.length === 0) {
    return tools
  }
  const work = path.join(cacheDir, `.installing-${version}-${process.pid}`)
  mkdirSync(work, { recursive: true })
  try {
    await fill(version, missing, work)
    mkdirSync(tools.dir, { recursive: true })
    for (const tool of missing) {
      renameSync(path.join(work, tool), path.join(tools.dir, tool))
    }
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
  return tools
}

/** Debian's binaries where the version is pinned to a suite, our own builds for the rest. */
async function fill(version: string, tools: Tool[], dir: string): Promise<void> {
  const suite = pinOf(version).debian
  if (suite) {
    try {
      await installFromDebian(version, suite, tools, dir)
    } catch (error) {
      if (!(error instanceof VersionGone && isAtLeast(version, '3.5'))) {
        throw error
      }
      console.error(`${error.message}: building from Go modules instead`)
    }
  }
  const rest = tools.filter((tool) => !existsSync(path.join(dir, tool)))
  if (rest.length > 0) {
    await buildFromModules(version, rest, dir)
  }
}

if (process.argv[1] && realpathSync(process.argv[1]) === import.meta.filename) {
  const asked = process.argv.slice(2)
  for (const version of asked.length > 0 ? asked : Object.keys(pins)) {
    const tools = await ensureEtcd(version)
    console.log(`${version}: ${Object.keys(tools.bin).join(' ')}`)
  }
}
