import { ExitCode } from './exit-codes.ts'

/** Ends a command with a message for its user and an exit code; `hint` says what to do next. */
export class CommandError extends Error {
  override readonly name = 'CommandError'
  readonly exitCode: ExitCode
  readonly hint: string | undefined

  constructor(exitCode: ExitCode, message: string, hint?: string) {
    super(message)
    this.exitCode = exitCode
    this.hint = hint
  }
}

/** The command line makes no sense. */
export class UsageError extends CommandError {
  constructor(message: string, hint = 'see etcdsnap --help') {
    super(ExitCode.usage, message, hint)
  }
}
