import type { Command } from '@oclif/core/command'

/** What the entry points (the bundle, bin/dev.js) know about the program, without loading any of it. */
export interface Program {
  readonly name: string
  readonly version: string
  /** The package's root directory. */
  readonly root: string
  /** The oclif section of package.json. */
  readonly oclif: Record<string, unknown>
  /** Every command's flags, arguments and help, by id: oclif's manifest. */
  readonly commands: Record<string, Command.Cached>
  /** Every command's module, by id. */
  readonly modules: Record<string, () => Promise<{ readonly default: Command.Class }>>
}

/** Who we are, as `--version` prints it. */
export function versionLine({ name, version }: Program): string {
  return `${name}/${version} ${process.platform}-${process.arch} node-${process.version}`
}
