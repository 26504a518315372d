import { getSystemErrorMap } from 'node:util'
import type { Findings } from '../findings/findings.ts'
import { isSystemError } from './system-error.ts'

/**
 * Runs `read`, and reports it when the operating system refuses: one file that cannot be read must
 * not hide the others.
 *
 * @returns what `read` returns, or undefined when it was refused
 */
export function unlessUnreadable<T>(
  path: string,
  findings: Findings,
  read: () => T,
): T | undefined {
  try {
    return read()
  } catch (error) {
    if (!isSystemError(error)) throw error
    findings.report('FILE_UNREADABLE', { path: error.path ?? path }, { message: reasonOf(error) })
    return undefined
  }
}

/** The operating system's own words, as other tools show them. */
function reasonOf({ errno, syscall }: NodeJS.ErrnoException): string {
  const [, words] = getSystemErrorMap().get(errno ?? 0) ?? []
  return `cannot ${syscall}: ${words ?? 'not a regular file'}`
}
