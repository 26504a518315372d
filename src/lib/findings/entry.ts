import type { Severity } from './finding.ts'

/** What is known of a finding before it occurs. */
export interface CatalogueEntry {
  readonly title: string
  /** At most places; an occurrence may say otherwise. */
  readonly severity: Severity
  /** What it means for the file, and what etcd does about it. */
  readonly meaning: string
  /** The safest next step. */
  readonly remedy: string
}

/** Keeps the ids of a family as literal types while checking the shape of its entries. */
export function family<Id extends string>(
  entries: Record<Id, CatalogueEntry>,
): Record<Id, CatalogueEntry> {
  return entries
}
