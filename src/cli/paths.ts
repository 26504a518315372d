import { UsageError } from './errors.ts'

/** The paths a command was given, none of which may be `-`: standard input is not read yet. */
export function pathsOf(argv: readonly unknown[]): readonly string[] {
  const paths = argv.map(String)
  if (paths.includes('-')) {
    throw new UsageError(
      'standard input (-) cannot be read yet',
      'write it to a file first; a file called - is ./-',
    )
  }
  return paths
}
