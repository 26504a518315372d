import { visibleWidth } from '../terminal.ts'

/**
 * Fills lines of at most `room` columns, breaking between pieces only. A piece wider than a line
 * stands alone and runs over: paths and URLs stay whole, to be copied.
 */
export function flow(pieces: readonly string[], separator: string, room: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const piece of pieces) {
    const longer = line === '' ? piece : `${line}${separator}${piece}`
    if (line !== '' && visibleWidth(longer) > room) {
      lines.push(`${line}${separator}`.trimEnd())
      line = piece
    } else line = longer
  }
  return line === '' ? lines : [...lines, line]
}
