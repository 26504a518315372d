import { CATALOGUE, type FindingId } from '../../lib/findings/catalogue.ts'
import type { Findings } from '../../lib/findings/findings.ts'
import type { Sheet } from './sheet.ts'
import { count } from './text.ts'

/** `sound`, or how many errors and warnings there are: of one artefact, or of all. */
export function resultOf({ theme }: Sheet, findings: Findings, position?: number): string {
  const errors = findings.of('error', position)
  const warnings = findings.of('warning', position)
  const notes = findings.of('info', position)
  const sound = errors + warnings === 0
  const parts = [
    ...(errors > 0 ? [theme.bad(count(errors, 'error'))] : []),
    ...(warnings > 0 ? [theme.warn(count(warnings, 'warning'))] : []),
    ...(sound ? [theme.ok('sound')] : []),
    ...(notes > 0 ? [count(notes, 'note')] : []),
  ]
  return parts.join(', ')
}

/** The names of an artefact's errors. */
export function errorsOf({ theme }: Sheet, { list }: Findings, position: number): string[] {
  const ids = new Set<FindingId>()
  for (const { id, severity, artefact } of list) {
    if (artefact === position && severity === 'error') ids.add(id)
  }
  return [...ids].map((id) => theme.bad(CATALOGUE[id].title))
}
