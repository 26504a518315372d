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
    reportUnreadable(error, path, findings)
    return undefined
  }
}

/**
 * Reports what the operating system refused.
 *
 * @throws the error, when it comes from anywhere else
 */
export function reportUnreadable(error: unknown, path: string, findings: Findings): void {
  if (!isSystemError(error)) throw error
  const message = `cannot ${error.syscall}: ${wordsOf(error)}`
  findings.report('FILE_UNREADABLE', { path: error.path ?? path }, { message })
}

/** The operating system's own words, as other tools show them. */
export function wordsOf({ errno }: NodeJS.ErrnoException): string {
  const [, words] = getSystemErrorMap().get(errno ?? 0) ?? []
  return words ?? 'not a regular file'
}
