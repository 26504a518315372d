import { hasColor } from './terminal.ts'

type Paint = (text: string) => string

/** Colours by meaning. */
export interface Theme {
  readonly ok: Paint
  readonly warn: Paint
  readonly bad: Paint
  readonly dim: Paint
  readonly bold: Paint
}

const asIs: Paint = (text) => text
const plain: Theme = { ok: asIs, warn: asIs, bad: asIs, dim: asIs, bold: asIs }

/** The theme for `stream`; chalk is loaded only where there is colour. */
export async function loadTheme(stream: NodeJS.WriteStream = process.stdout): Promise<Theme> {
  if (!hasColor(stream)) return plain
  const { Chalk } = await import('chalk')
  const { green, yellow, red, dim, bold } = new Chalk({ level: 1 })
  return { ok: green, warn: yellow, bad: red, dim, bold }
}
