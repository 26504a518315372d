import { CATALOGUE, type FindingId } from '../../lib/findings/catalogue.ts'
import type { Findings } from '../../lib/findings/findings.ts'
import type { Artefact } from '../../lib/member/artefact.ts'
import type { Sheet } from './sheet.ts'
import { count } from './text.ts'

/** `sound`, or how many errors and warnings there are: of one artefact, or of all. */
export function resultOf(
  { theme }: Sheet,
  artefacts: readonly Artefact[],
  findings: Findings,
  position?: number,
): string {
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
  const caveat =
    sound && artefacts.some(holdsBolt) ? '; of the db only the meta pages were read' : ''
  return parts.join(', ') + caveat
}

/** The names of an artefact's errors. */
export function errorsOf({ theme }: Sheet, { list }: Findings, position: number): string[] {
  const ids = new Set<FindingId>()
  for (const { id, severity, artefact } of list) {
    if (artefact === position && severity === 'error') ids.add(id)
  }
  return [...ids].map((id) => theme.bad(CATALOGUE[id].title))
}

function holdsBolt(artefact: Artefact): boolean {
  if ('unread' in artefact) return false
  if (artefact.type === 'data-dir') return artefact.dataDir.db !== undefined
  return 'db' in artefact
}
