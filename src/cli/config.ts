import { Config } from '@oclif/core/config'
import type { Plugin } from '@oclif/core/interfaces'
import type { Program } from './program.ts'

/**
 * oclif's configuration with the whole program in one plugin that is already loaded.
 *
 * Left to itself oclif would search the disk for the package and its commands, and run the plugins
 * it finds in the user's data directory: not for a tool that root runs on a broken node.
 */
export async function createConfig(program: Program): Promise<Config> {
  const { root } = program
  const { name, version } = program.package
  const pjson = program.package as unknown as Plugin['pjson']
  const plugin: Plugin = {
    _base: '',
    name,
    alias: name,
    version,
    pjson,
    root,
    type: 'core',
    moduleType: 'commonjs',
    isRoot: true,
    valid: true,
    hasManifest: true,
    options: { root },
    commandsDir: undefined,
    hooks: {},
    topics: [],
    commandIDs: Object.keys(program.commands),
    commands: Object.entries(program.commands).map(([id, command]) => ({
      ...command,
      id,
      pluginName: name,
      pluginType: 'core',
      load: () => load(id),
    })),
    findCommand: load,
    load: async () => {},
  }

  async function load(id: string) {
    const module = await program.modules[id]?.()
    if (module === undefined)
      throw new Error(`command ${id} is in the manifest, but not in the program`)
    return Object.assign(module.default, { id, plugin })
  }

  const config = new Config({ root, pjson, plugins: new Map([[name, plugin]]) })
  await config.load()
  return config
}
