import type { Findings } from '../findings/findings.ts'

/** Findings as docs/contract.md lays them down: what is listed, and how many there were of each id. */
export function findingsReport(findings: Findings): {
  findings: readonly object[]
  counts: Readonly<Record<string, number>>
} {
  const counts = [...findings.counts].sort(([a], [b]) => (a < b ? -1 : 1))
  return { findings: findings.list, counts: Object.fromEntries(counts) }
}
