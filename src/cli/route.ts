import type { Command } from '@oclif/core/command'
import { UsageError } from './errors.ts'
import { nearest } from './nearest.ts'

/** What the command line asks for. */
export type Route =
  | { readonly to: 'version' }
  | { readonly to: 'help'; readonly id: string }
  | { readonly to: 'command'; readonly id: string; readonly argv: string[] }

const helpFlags = new Set(['--help', '-h'])
const versionFlags = new Set(['--version', '-v'])

/**
 * Finds the command that `argv` names, by exact names only.
 *
 * oclif's own search takes the words up to the first flag for one command name. `inspect` is a
 * command with arguments *and* a topic, so here the longest command name among the first words
 * wins, wherever flags stand: `--json inspect log DIR` is `inspect log`, `inspect ./log` is not.
 *
 * @param commands the manifest's commands by id (`inspect:log`)
 * @throws UsageError when no command has that name
 */
export function route(argv: readonly string[], commands: Record<string, Command.Cached>): Route {
  const name: number[] = []
  const idWith = (...more: number[]) => [...name, ...more].map((index) => argv[index]).join(':')
  let help = isAsked(helpFlags, argv)
  for (const index of wordIndexes(argv, commands)) {
    const word = argv[index] as string
    if (idWith(index) in commands) name.push(index)
    else if (name.length > 0) break
    else if (word === 'help') help = true
    else throw unknownCommand(word, Object.keys(commands))
  }
  const id = idWith()
  if (help || argv.length === 0) return { to: 'help', id }
  if (id !== '') return { to: 'command', id, argv: argv.filter((_, i) => !name.includes(i)) }
  if (isAsked(versionFlags, argv)) return { to: 'version' }
  throw new UsageError(`no command in: ${argv.join(' ')}`)
}

function isAsked(flags: Set<string>, argv: readonly string[]): boolean {
  const end = argv.indexOf('--')
  return argv.some((arg, index) => flags.has(arg) && (end === -1 || index < end))
}

/** Positions of the arguments that are neither flags nor values of flags. */
function* wordIndexes(
  argv: readonly string[],
  commands: Record<string, Command.Cached>,
): Generator<number> {
  const valued = flagsWithValue(commands)
  for (let i = 0; i < argv.length; i++) {
    const arg = argv[i] as string
    if (arg === '--') return
    if (valued.has(arg)) i++
    else if (arg === '-' || !arg.startsWith('-')) yield i
  }
}

/** Every flag, as it is typed, after which the next argument is its value. */
function flagsWithValue(commands: Record<string, Command.Cached>): Set<string> {
  const typed = new Set<string>()
  for (const { flags } of Object.values(commands)) {
    for (const flag of Object.values(flags)) {
      if (flag.type === 'boolean') continue
      typed.add(`--${flag.name}`)
      if (flag.char !== undefined) typed.add(`-${flag.char}`)
    }
  }
  return typed
}

function unknownCommand(word: string, ids: string[]): UsageError {
  const meant = nearest(word, new Set(ids.flatMap((id) => id.split(':'))))
  const id = ids.find((id) => id === meant) ?? ids.find((id) => id.endsWith(`:${meant}`))
  const message = `there is no command ${word}`
  return id === undefined
    ? new UsageError(message)
    : new UsageError(message, `did you mean: etcdsnap ${id.replaceAll(':', ' ')}`)
}
