import type { Command } from '@oclif/core/command'
import type { Config } from '@oclif/core/config'
import { CommandHelp, Help as OclifHelp } from '@oclif/core/help'
import type { HelpOptions } from '@oclif/core/interfaces'
import { commonExitCodes, type ExitCodeHelp } from './exit-codes.ts'
import { Out } from './out.ts'

/** oclif's help, with every command's exit codes, through our standard output. */
export class Help extends OclifHelp {
  protected override CommandHelpClass = CommandHelpWithExitCodes
  readonly #out = new Out()

  constructor(config: Config, options: Partial<HelpOptions> = {}) {
    // The program's help lists all commands, those of topics too.
    super(config, { all: true, ...options })
  }

  /** Prints the help of a command; of the program when `id` is empty. */
  async print(id: string): Promise<void> {
    await this.showHelp(id.split(':'))
    this.#out.flush()
  }

  protected override log(...lines: string[]): void {
    this.#out.line(lines.join('\n'))
  }

  /** Our topics are commands too (`inspect`, `inspect log`): listed once, as commands. */
  protected override get sortedTopics() {
    return super.sortedTopics.filter(({ name }) => this.config.findCommand(name) === undefined)
  }
}

class CommandHelpWithExitCodes extends CommandHelp {
  protected override sections() {
    const { exitCodes } = this.command as Command.Loadable & { exitCodes?: ExitCodeHelp }
    const body = Object.entries({ ...commonExitCodes, ...exitCodes }).map(
      ([code, meaning]): [string, string] => [code, meaning],
    )
    return [
      ...super.sections(),
      { header: 'EXIT CODES', generate: () => [{ header: 'EXIT CODES', body }] },
    ]
  }
}
