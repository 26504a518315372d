import type { Uint64 } from '../proto/uint64.ts'
import type { FindingId } from './catalogue.ts'

/** How bad a finding is: an error makes `inspect` end with 1, the others do not. */
export type Severity = 'error' | 'warning' | 'info'

/** Where a finding is. Only what applies is set; offsets and lengths are bytes. */
export interface Place {
  readonly path: string
  readonly offset?: number
  readonly bytes?: number
  /** Sequence number of the WAL segment. */
  readonly segment?: Uint64
  /** Position of the WAL record in its segment, from 0. */
  readonly record?: number
  readonly index?: Uint64
  readonly term?: Uint64
  /** bbolt page id. */
  readonly page?: Uint64
  /** Main revision of the row it is about, or of the first row on the page. */
  readonly revision?: Uint64
  /** The user's key. */
  readonly key?: Uint8Array
}

/** What one occurrence says beyond its place. */
export interface Details {
  /** One sentence with this occurrence's own facts. */
  readonly message: string
  readonly expected?: string
  readonly found?: string
  /** Instead of the catalogue's severity, where the place makes it better or worse. */
  readonly severity?: Severity
}

/** One thing that is not as it should be, or that one should know. */
export interface Finding extends Place {
  readonly id: FindingId
  readonly severity: Severity
  /** Position of the artefact in the report, when there is one. */
  readonly artefact?: number
  readonly message: string
  readonly expected?: string
  readonly found?: string
  readonly remedy: string
}
