import { getSystemErrorMap } from 'node:util'
import { CommandError } from './errors.ts'
import { ExitCode } from './exit-codes.ts'

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

/** oclif's own complaints about flags and arguments all carry its exit code. */
interface ParseError extends Error {
  readonly oclif: { readonly exit: number }
}

function isParseError(error: unknown): error is ParseError {
  return error instanceof Error && 'oclif' in error
}

function parseFailure({ message }: ParseError): Failure {
  const [complaint = '', ...rest] = message.replace(/\n?See more help with --help$/, '').split('\n')
  return {
    exitCode: ExitCode.usage,
    message: [complaint.charAt(0).toLowerCase() + complaint.slice(1), ...rest].join('\n'),
    hint: 'see --help',
  }
}
