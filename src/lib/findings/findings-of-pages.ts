import type { FindingId } from './catalogue.ts'
import type { Details, Place } from './finding.ts'
import { Findings } from './findings.ts'

/** Findings about some pages of a file, and about the file as a whole; others are passed by. */
export class FindingsOfPages extends Findings {
  private readonly pages: ReadonlySet<number>

  constructor(pages: Iterable<number>, perId?: number) {
    super(perId)
    this.pages = new Set(pages)
  }

  override report(id: FindingId, place: Place, details: Details): void {
    const { page } = place
    if (page === undefined || this.pages.has(Number(page))) super.report(id, place, details)
  }
}
