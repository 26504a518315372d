import type { Command } from '@oclif/core/command'

/** What the entry points (the bundle, bin/dev.js) know about the program, without loading any of it. */
export interface Program {
  /** What package.json says that oclif wants to know. */
  readonly package: {
    readonly name: string
    readonly version: string
    readonly description: string
    readonly oclif: Record<string, unknown>
  }
  /** The package's root directory. */
  readonly root: string
  /** Every command's flags, arguments and help, by id: oclif's manifest. */
  readonly commands: Record<string, Command.Cached>
  /** Every command's module, by id. */
  readonly modules: Record<string, () => Promise<{ readonly default: Command.Class }>>
}

/** Who we are, as `--version` prints it. */
export function versionLine({ package: { name, version } }: Program): string {
  return `${name}/${version} ${process.platform}-${process.arch} node-${process.version}`
}
