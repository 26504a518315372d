import { escapeForTerminal } from '../../lib/report/escape.ts'

/** Longer than any name or URL that somebody chose; what is longer was not chosen. */
const LONGEST = 256

/** Text from a file or a file's name: escaped, and not without end. */
export function shown(text: string): string {
  const cut = text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text
  return escapeForTerminal(cut)
}

/** `1 entry`, `2 entries`. */
export function count(number: number | bigint, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`
}

/** A file's name with its runs of zeros shortened: `…4-…66.snap`, as one would glob for it. */
export function elided(name: string): string {
  return name.replace(/0{3,}(?=[0-9a-f])/g, '…')
}
