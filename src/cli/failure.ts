import { getSystemErrorMap } from 'node:util'
import { CommandError } from './errors.ts'
import { ExitCode } from './exit-codes.ts'
import { nearest } from './nearest.ts'

/** An exception as the user gets to see it. */
export interface Failure {
  readonly exitCode: ExitCode
  readonly message: string
  readonly hint?: string
  /** The operating system's name for what went wrong, such as ENOENT. */
  readonly code?: string
  readonly path?: string
}

/** Whose fault was it: the command line's, the machine's, or ours? */
export function toFailure(error: unknown): Failure {
  if (error instanceof CommandError) {
    const { exitCode, message, hint } = error
    return { exitCode, message, ...(hint !== undefined && { hint }) }
  }
  if (isNoRoom(error)) return { exitCode: ExitCode.unreadable, message: error.message }
  if (isSystemError(error)) return systemFailure(error)
  if (isParseError(error)) return parseFailure(error)
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return {
    exitCode: ExitCode.bug,
    message: `this is a bug in etcdsnap, please report it\n${stack}`,
    hint: 'the report needs the lines above, the command, and the file if you can share it',
  }
}

/** The lines for standard error. */
export function describe({ message, hint }: Failure): string {
  return `etcdsnap: ${message}\n${hint === undefined ? '' : `  ${hint}\n`}`
}

/** By its name: the start loads nothing of the library. */
function isNoRoom(error: unknown): error is Error {
  return error instanceof Error && error.name === 'NoRoomError'
}

interface SystemError extends NodeJS.ErrnoException {
  readonly code: string
  readonly errno: number
  readonly syscall: string
}

function isSystemError(error: unknown): error is SystemError {
  return error instanceof Error && 'errno' in error && 'syscall' in error
}

function systemFailure({ code, errno, syscall, path }: SystemError): Failure {
  const [, reason] = getSystemErrorMap().get(errno) ?? [code, code]
  return {
    exitCode: ExitCode.unreadable,
    message: `${syscall}${path === undefined ? '' : ` ${path}`}: ${reason}`,
    code,
    ...(path !== undefined && { path }),
  }
}

/** oclif's own complaints about the command line. */
interface ParseError extends Error {
  readonly oclif: object
  /** Flags that do not exist, as typed. */
  readonly flags?: readonly string[]
  /** Arguments that are missing or too many. */
  readonly args?: readonly (string | { readonly name: string })[]
  readonly parse?: {
    readonly input?: {
      readonly flags: object
      readonly context?: { readonly id?: string }
    }
  }
}

function isParseError(error: unknown): error is ParseError {
  return error instanceof Error && 'oclif' in error
}

function parseFailure(error: ParseError): Failure {
  const { input } = error.parse ?? {}
  const flag = nearestFlag(error.flags?.[0], input?.flags)
  const command = ['etcdsnap', ...(input?.context?.id?.split(':') ?? [])].join(' ')
  return {
    exitCode: ExitCode.usage,
    message: parseMessage(error),
    hint: flag === undefined ? `see ${command} --help` : `did you mean: ${flag}`,
  }
}

/** oclif's message as one line. */
function parseMessage({ message, args = [] }: ParseError): string {
  const missing = args.flatMap((arg) => (typeof arg === 'string' ? [] : [arg.name.toUpperCase()]))
  if (missing.length > 0) return `missing argument: ${missing.join(', ')}`
  const line = message.replace('\nSee more help with --help', '').replace(/\s*\n\s*/g, ': ')
  return line.charAt(0).toLowerCase() + line.slice(1)
}

function nearestFlag(typed: string | undefined, flags: object | undefined): string | undefined {
  if (typed === undefined || flags === undefined) return undefined
  const name = nearest(typed.replace(/^-+/, ''), Object.keys(flags))
  return name === undefined ? undefined : `--${name}`
}
