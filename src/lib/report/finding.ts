import type { Findings } from '../findings/findings.ts'
import { keyJson } from './bytes.ts'

/** Findings as docs/contract.md lays them down: what is listed, and how many there were of each id. */
export function findingsReport(findings: Findings): {
  findings: readonly object[]
  counts: Readonly<Record<string, number>>
} {
  const counts = [...findings.counts].sort(([a], [b]) => (a < b ? -1 : 1))
  const listed = findings.list.map(({ key, ...finding }) =>
    key === undefined ? finding : { ...finding, key: keyJson(key) },
  )
  return { findings: listed, counts: Object.fromEntries(counts) }
}
