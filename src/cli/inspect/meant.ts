import { existsSync } from 'node:fs'
import { nearest } from '../nearest.ts'

/**
 * The subcommand that somebody may have meant by a word that is no path.
 *
 * @param ids of all commands, such as `inspect:keys`
 */
export function meantSubcommand(word: string, ids: readonly string[]): string | undefined {
  if (/[^a-z]/i.test(word) || existsSync(word)) return undefined
  const names = ids.filter((id) => id.startsWith('inspect:')).map((id) => id.slice(8))
  return nearest(word, names)
}
