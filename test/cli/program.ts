/** A program of small commands, to try out what every command gets from the base command. */
import '../../src/cli/environment.ts'
import { readFileSync } from 'node:fs'
import { string } from '@oclif/core/args'
import type { Command } from '@oclif/core/command'
import { integer } from '@oclif/core/flags'
import { Base } from '../../src/cli/base-command.ts'
import { CommandError } from '../../src/cli/errors.ts'
import { ExitCode } from '../../src/cli/exit-codes.ts'
import { main } from '../../src/cli/main.ts'
import { root } from './spawn.ts'

class Show extends Base {
  static override strict = false
  static override args = { path: string({ required: true }) }
  static override flags = { limit: integer() }
  static override exitCodes = { 0: 'shown', 1: 'damage found' }

  override async run() {
    const { argv, flags } = await this.parse(Show)
    if (this.format === 'table') this.out.line(`show ${argv.join(' ')}`)
    return { paths: argv, limit: flags.limit, revision: 2n ** 63n - 1n }
  }
}

class ShowLog extends Base {
  static override args = { path: string({ required: true }) }

  override async run() {
    const { args } = await this.parse(ShowLog)
    this.out.line(`log of ${args.path}`)
  }
}

/** Ends in the way that its argument names. */
class End extends Base {
  static override args = { how: string({ required: true }) }

  override async run() {
    const { args } = await this.parse(End)
    this.raise(ExitCode.refused)
    switch (args.how) {
      case 'damage':
        this.raise(ExitCode.damage)
        this.raise(ExitCode.unreadable)
        return { ok: false }
      case 'late':
        return { items: this.itemsWithDamage() }
      case 'refused':
        throw new CommandError(ExitCode.refused, '/data is in use', 'stop etcd first')
      case 'missing':
        readFileSync('/no/such/file')
        return undefined
      case 'bug':
        throw new TypeError('cannot happen')
      case 'lines':
        for (let i = 0; i < 3_000_000; i++) this.out.line(`line ${i}`)
        return undefined
      default:
        this.out.line('waiting')
        this.out.flush()
        for (;;);
    }
  }

  private *itemsWithDamage() {
    yield 1
    this.raise(ExitCode.damage)
  }
}

const classes = { show: Show, 'show:log': ShowLog, end: End }

function described([id, command]: [string, Command.Class]): [string, Command.Cached] {
  const { args, flags = {}, baseFlags = {}, strict } = command
  const named = Object.entries({ ...baseFlags, ...flags }).map(([name, flag]) => [
    name,
    { ...flag, name },
  ])
  const cached = { id, args, flags: Object.fromEntries(named), strict, aliases: [] }
  return [id, { ...cached, hiddenAliases: [], hasDynamicHelp: false } as unknown as Command.Cached]
}

await main({
  package: {
    name: 'etcdsnap',
    version: '1.2.3',
    description: 'A test.',
    oclif: { bin: 'etcdsnap', topicSeparator: ' ', additionalHelpFlags: ['-h'] },
  },
  root,
  commands: Object.fromEntries(Object.entries(classes).map(described)),
  modules: Object.fromEntries(
    Object.entries(classes).map(([id, command]) => [id, async () => ({ default: command })]),
  ),
})
