import { isatty } from 'node:tty'
import { STDIN } from '../lib/io/paths.ts'
import { UsageError } from './errors.ts'

const HINT = 'a file called - is ./-'

/**
 * The paths a command was given. At most one of them is `-`, standard input, and that only when
 * something was connected to it.
 *
 * @throws UsageError
 */
export function pathsOf(argv: readonly unknown[]): readonly string[] {
  const paths = argv.map(String)
  const times = paths.filter((path) => path === STDIN).length
  if (times > 1) throw new UsageError('standard input (-) can be read only once', HINT)
  if (times === 1 && isatty(0)) {
    throw new UsageError('standard input (-) is a terminal: send a file to it with | or <', HINT)
  }
  return paths
}
