import { below } from '../../lib/io/paths.ts'
import { escapeForTerminal } from '../../lib/report/escape.ts'

/** As long as a path can be; no name, URL or message that is longer was meant to be read. */
const LONGEST = 4096

/** Of a key, in bytes: names in a cluster of Kubernetes are shorter. */
const LONGEST_KEY = 512

/** Text from a file or a file's name: escaped, and not without end. */
export function shown(text: string): string {
  const cut = text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text
  return escapeForTerminal(cut)
}

/** A key from a file: escaped, and not without end. */
export function shownKey(key: Uint8Array): string {
  const cut = key.subarray(0, LONGEST_KEY)
  return escapeForTerminal(cut) + (cut.length < key.length ? '…' : '')
}

/** `1 entry`, `2 entries`. */
export function count(number: number | bigint, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`
}

/** A file's name with its runs of zeros shortened: `…4-…66.snap`, as one would glob for it. */
export function elided(name: string): string {
  return name.replace(/0{3,}(?=[0-9a-f])/g, '…')
}

/** Whether a path, as it is spelled, is inside a directory. */
export function isBelow(directory: string, path: string): boolean {
  return path.startsWith(below(directory, ''))
}
