import { string } from '@oclif/core/args'
import { Base } from '../cli/base-command.ts'
import { bashCompletion } from '../cli/completion/bash.ts'
import { fishCompletion } from '../cli/completion/fish.ts'
import { grammars } from '../cli/completion/grammar.ts'
import { zshCompletion } from '../cli/completion/zsh.ts'

const generators = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion }

export default class Completion extends Base {
  static override summary = 'Print the completion script of a shell.'

  static override args = {
    shell: string({
      required: true,
      options: Object.keys(generators),
      description: 'The shell to print for.',
    }),
  }

  static override examples = [
    {
      description: 'Complete in this bash',
      command: 'source <(<%= config.bin %> <%= command.id %> bash)',
    },
    {
      description: 'Complete in every bash from now on',
      command:
        '<%= config.bin %> <%= command.id %> bash > /etc/bash_completion.d/<%= config.bin %>',
    },
  ]

  static override exitCodes = { 0: 'printed' }

  override async run() {
    const { args } = await this.parse(Completion)
    const shell = args.shell as keyof typeof generators
    const script = generators[shell](grammars(this.config.commands))
    if (!this.jsonEnabled()) this.out.write(script)
    return { shell, script }
  }
}
