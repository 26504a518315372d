import { stripVTControlCharacters } from 'node:util'
import { displayWidth } from '../lib/report/width.ts'

const fallbackWidth = 80

/** Columns of the terminal; COLUMNS speaks for a pipe. */
export function terminalWidth(): number {
  const columns = process.stdout.columns ?? Number(process.env.COLUMNS)
  return Number.isInteger(columns) && columns > 0 ? columns : fallbackWidth
}

/** Whether `stream` takes colours: FORCE_COLOR decides, else NO_COLOR, else what it is. */
export function hasColor(stream: NodeJS.WriteStream): boolean {
  const { FORCE_COLOR: force, NO_COLOR: no, TERM: term } = process.env
  if (force !== undefined) return force !== '0' && force !== 'false'
  return !no && term !== 'dumb' && Boolean(stream.isTTY)
}

/** Columns that a text with colours in it takes. */
export function visibleWidth(text: string): number {
  return displayWidth(text.includes('\x1b') ? stripVTControlCharacters(text) : text)
}
