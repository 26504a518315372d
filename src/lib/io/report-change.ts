import type { Findings } from '../findings/findings.ts'
import type { Source } from './source.ts'

/** Reports a file that somebody wrote to since it was opened. To be called when it has been read. */
export function reportChange(source: Source, findings: Findings): void {
  if (!source.changed?.()) return
  const message = 'the file was written to while it was read'
  findings.report('FILE_CHANGED', { path: source.name }, { message })
}
