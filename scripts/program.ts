import { fileURLToPath } from 'node:url'
import type { Command } from '@oclif/core/command'
import { Plugin } from '@oclif/core/config'
import manifest from '../package.json' with { type: 'json' }
import type { Program } from '../src/cli/program.ts'

const root = fileURLToPath(new URL('..', import.meta.url))

/** What the source tree holds: the program without its modules, and where they are by command id. */
export interface Sources {
  readonly program: Omit<Program, 'modules'>
  readonly files: Record<string, string>
}

/** Finds the commands in src/commands and describes them as oclif's manifest does. */
export async function discoverProgram(): Promise<Sources> {
  const plugin = new Plugin({ root, ignoreManifest: true, errorOnManifestCreate: true })
  await plugin.load()
  const commands: Record<string, Command.Cached> = {}
  const files: Record<string, string> = {}
  for (const [id, cached] of Object.entries(plugin.manifest.commands)) {
    const { relativePath, isESM: _, ...command } = cached
    commands[id] = command
    files[id] = (relativePath as string[]).join('/')
  }
  const { name, version, description, oclif } = manifest
  return { program: { package: { name, version, description, oclif }, root, commands }, files }
}
