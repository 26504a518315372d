import type { Command } from '@oclif/core/command'

/** What can be typed after the name of one command: all that a shell needs to know. */
export interface Grammar {
  /** The words that name the command; empty for the program itself. */
  readonly name: string
  readonly subcommands: readonly { readonly word: string; readonly summary: string }[]
  readonly flags: readonly FlagGrammar[]
  /** The only words its argument can be, if they are few. */
  readonly words: readonly string[]
  /** Whether its arguments are paths. */
  readonly takesPaths: boolean
}

export interface FlagGrammar {
  /** As typed: `--output`, and `-o` where there is a short form. */
  readonly long: string
  readonly short?: string
  readonly summary: string
  /** Absent for a switch; empty when the value can be anything, a path for example. */
  readonly values?: readonly string[]
}

const helpFlag: FlagGrammar = { long: '--help', short: '-h', summary: 'Show help.' }
const versionFlag: FlagGrammar = { long: '--version', short: '-v', summary: 'Show the version.' }

/** The grammar of the program and of each of its commands, from oclif's manifest. */
export function grammars(commands: readonly Command.Cached[]): Grammar[] {
  const visible = commands.filter(({ hidden }) => !hidden)
  const program: Grammar = {
    name: '',
    subcommands: subcommands(visible, ''),
    flags: [helpFlag, versionFlag],
    words: [],
    takesPaths: false,
  }
  return [program, ...visible.map((command) => grammar(command, visible))]
}

function grammar(command: Command.Cached, all: readonly Command.Cached[]): Grammar {
  const args = Object.values(command.args)
  const words = args.flatMap(({ options }) => options ?? [])
  return {
    name: command.id.replaceAll(':', ' '),
    subcommands: subcommands(all, `${command.id}:`),
    flags: [...Object.values(command.flags).flatMap(flag), helpFlag],
    words,
    takesPaths: words.length === 0,
  }
}

function subcommands(all: readonly Command.Cached[], prefix: string): Grammar['subcommands'] {
  return all
    .filter(({ id }) => id.startsWith(prefix) && !id.slice(prefix.length).includes(':'))
    .map(({ id, summary = '' }) => ({ word: id.slice(prefix.length), summary }))
}

function flag(cached: Command.Flag.Cached): FlagGrammar[] {
  if (cached.hidden) return []
  const { name, char, summary = cached.description ?? '' } = cached
  const typed = { long: `--${name}`, ...(char && { short: `-${char}` }), summary }
  if (cached.type === 'boolean') return [typed]
  return [{ ...typed, values: cached.options ?? [] }]
}
