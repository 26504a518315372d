import type { Command } from '@oclif/core/command'
import { CommandHelp, Help as OclifHelp } from '@oclif/core/help'
import { commonExitCodes, type ExitCodeHelp } from './exit-codes.ts'

/** oclif's help, with every command's exit codes. */
export class Help extends OclifHelp {
  protected override CommandHelpClass = CommandHelpWithExitCodes

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
