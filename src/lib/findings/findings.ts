import { CATALOGUE, type FindingId } from './catalogue.ts'
import type { Details, Finding, Place, Severity } from './finding.ts'

/** Of one id at most this many are kept; the counts stay whole (docs/contract.md). */
export const LISTED_PER_ID = 100

/** Collects what codecs and rules report. Memory is bounded by the catalogue, not by the damage. */
export class Findings {
  /** The kept ones, in the order they were reported. */
  readonly list: Finding[] = []
  /** How many there were of each id. */
  readonly counts = new Map<FindingId, number>()
  /** The artefact that findings are about from now on: its position in the report. */
  artefact: number | undefined
  /** How many of one id are kept. */
  readonly perId: number
  private readonly total = noTally()
  private readonly byArtefact = new Map<number, Tally>()

  constructor(perId: number = LISTED_PER_ID) {
    this.perId = perId
  }

  report(id: FindingId, place: Place, details: Details): void {
    const entry = CATALOGUE[id]
    const severity = details.severity ?? entry.severity
    const count = (this.counts.get(id) ?? 0) + 1
    this.counts.set(id, count)
    this.total[severity] += 1
    if (this.artefact !== undefined) this.tallyOf(this.artefact)[severity] += 1
    if (count > this.perId) return
    const artefact = this.artefact === undefined ? {} : { artefact: this.artefact }
    this.list.push({ id, ...artefact, ...place, ...details, severity, remedy: entry.remedy })
  }

  /** How many findings of this severity were reported, of one artefact or of all; listed or not. */
  of(severity: Severity, artefact?: number): number {
    const tally = artefact === undefined ? this.total : this.byArtefact.get(artefact)
    return tally?.[severity] ?? 0
  }

  has(id: FindingId): boolean {
    return this.counts.has(id)
  }

  /** An empty collection for something that may have to be done again; `adopt` takes it over. */
  attempt(): Findings {
    const attempt = new Findings(this.perId)
    attempt.artefact = this.artefact
    return attempt
  }

  /** Takes over what an attempt has reported. */
  adopt(attempt: Findings): void {
    for (const [id, count] of attempt.counts) {
      const before = this.counts.get(id) ?? 0
      this.counts.set(id, before + count)
      const listed = attempt.list.filter((finding) => finding.id === id)
      this.list.push(...listed.slice(0, Math.max(0, this.perId - before)))
    }
    for (const severity of ['error', 'warning', 'info'] as const) {
      this.total[severity] += attempt.total[severity]
      if (this.artefact !== undefined) {
        this.tallyOf(this.artefact)[severity] += attempt.total[severity]
      }
    }
  }

  private tallyOf(artefact: number): Tally {
    const tally = this.byArtefact.get(artefact) ?? noTally()
    this.byArtefact.set(artefact, tally)
    return tally
  }
}

type Tally = Record<Severity, number>

function noTally(): Tally {
  return { error: 0, warning: 0, info: 0 }
}
