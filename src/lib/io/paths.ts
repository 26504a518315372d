import { statSync } from 'node:fs'

/** What stands for standard input where a path is expected; a file of this name is `./-`. */
export const STDIN = '-'

/**
 * Whether a path names a directory; no when it names nothing.
 *
 * @throws NodeJS.ErrnoException when the operating system does not say
 */
export function isDirectory(path: string): boolean {
  return path !== STDIN && (statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false)
}

/** The path of a file in a directory, spelled as the directory was: findings show what was typed. */
export function below(directory: string, name: string): string {
  return directory.endsWith('/') ? directory + name : `${directory}/${name}`
}
