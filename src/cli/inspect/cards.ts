import type { Findings } from '../../lib/findings/findings.ts'
import type { Artefact } from '../../lib/member/artefact.ts'
import type { Out } from '../out.ts'

/** Shows artefacts and findings to people. */
export async function showArtefacts(
  out: Out,
  artefacts: readonly Artefact[],
  findings: Findings,
): Promise<void> {
  for (const { type, path } of artefacts) out.line(`${type} ${path}`)
  for (const { severity, id, message } of findings.list) out.line(`${severity} ${id} ${message}`)
}
