import type { FindingId } from '../findings/catalogue.ts'
import type { Details } from '../findings/finding.ts'
import type { Findings } from '../findings/findings.ts'
import type { Uint64 } from '../proto/uint64.ts'

/** What a key of a bucket says to somebody who knows etcd. */
export interface KeyName {
  readonly text: string
  readonly revision?: Uint64
}

/** Names keys: bbolt does not know what they mean, the layer above does. */
export type NameKey = (bucket: string, key: Uint8Array) => KeyName

/** Where on a page something is. */
export interface PagePlace {
  readonly page: number
  /** File offset. */
  readonly offset: number
  readonly bytes?: number
  readonly revision?: Uint64 | undefined
  /** Ids of the pages from the root to this one. */
  readonly path: readonly number[]
}

/** Reports what is wrong with pages; the same of one page once, however often it is read. */
export class PageFindings {
  private readonly findings: Findings
  private readonly file: string
  /** By finding and page: the walk in which it was reported. */
  private readonly reported = new Map<FindingId, Map<number, number>>()
  private walk = 0
  /** How many there were. */
  total = 0

  constructor(file: string, findings: Findings) {
    this.file = file
    this.findings = findings
  }

  /** Begins to go over pages, maybe not for the first time. */
  begin(): void {
    this.walk += 1
  }

  report(id: FindingId, { path, ...place }: PagePlace, details: Details): void {
    const pages = this.reported.get(id) ?? new Map<number, number>()
    this.reported.set(id, pages)
    const before = pages.get(place.page)
    if (before !== undefined && before !== this.walk) return
    pages.set(place.page, this.walk)
    this.total += 1
    const { revision, ...rest } = place
    const known = revision === undefined ? {} : { revision }
    const way = path.length > 1 ? `; path from the root: ${path.join(' → ')}` : ''
    this.findings.report(
      id,
      { path: this.file, ...rest, ...known },
      { ...details, message: details.message + way },
    )
  }
}
