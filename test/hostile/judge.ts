/** Inspects in this process, as the command does, and checks what has to be true of any input. */
import assert from 'node:assert/strict'
import { statSync } from 'node:fs'
import { CATALOGUE, type FindingId } from '../../src/lib/findings/catalogue.ts'
import type { Finding } from '../../src/lib/findings/finding.ts'
import { Findings } from '../../src/lib/findings/findings.ts'
import { FileSource } from '../../src/lib/io/file-source.ts'
import { isDirectory } from '../../src/lib/io/paths.ts'
import { unlessUnreadable } from '../../src/lib/io/unreadable.ts'
import type { Artefact } from '../../src/lib/member/artefact.ts'
import { readDirectoryArtefact, readFileArtefact } from '../../src/lib/member/read-artefact.ts'
import { artefactReport } from '../../src/lib/report/artefact.ts'
import { findingsReport } from '../../src/lib/report/finding.ts'
import { toJson } from '../../src/lib/report/json.ts'

/** No mutation of a small file may take longer; the usual time is a millisecond. */
const LONGEST_MS = 3000

export interface Verdict {
  readonly ids: readonly FindingId[]
  /** A finding that is an error, or the warning of a torn tail. */
  readonly found: boolean
  readonly findings: readonly Finding[]
  /** The whole report, to be compared with that of the intact artefact. */
  readonly json: string
}

/**
 * Throws when the inspection throws, takes too long, or reports what cannot be.
 *
 * @param perId how many findings of one id are kept
 */
export function inspect(path: string, { perId }: { readonly perId?: number } = {}): Verdict {
  const started = performance.now()
  const findings = new Findings(perId)
  findings.artefact = 0
  const report = artefactReport(artefactAt(path, findings))
  const json = toJson({ artefacts: [report], ...findingsReport(findings) })
  const took = performance.now() - started
  assert.ok(took < LONGEST_MS, `took ${Math.round(took)} ms`)
  checkDocument(json, path)
  for (const finding of findings.list) checkFinding(finding)
  return {
    ids: [...findings.counts.keys()],
    found: isFound(findings),
    findings: findings.list,
    json,
  }
}

/** As `readArtefact` does it, but for what is compressed, and at once. */
function artefactAt(path: string, findings: Findings): Artefact {
  const artefact = unlessUnreadable(path, findings, () => {
    if (isDirectory(path)) return readDirectoryArtefact(path, findings)
    const source = new FileSource(path)
    try {
      return readFileArtefact(source, findings)
    } finally {
      source.close()
    }
  })
  return artefact ?? { type: 'unknown', path, bytes: 0, unread: true }
}

function isFound(findings: Findings): boolean {
  return findings.of('error') > 0 || findings.has('WAL_TORN_TAIL')
}

function checkDocument(json: string, path: string): void {
  const { artefacts, findings, counts } = JSON.parse(json)
  const [artefact] = artefacts
  assert.equal(artefact.path, path)
  assert.equal(typeof artefact.type, 'string')
  assert.ok(artefact.bytes >= 0)
  assert.ok(Array.isArray(findings))
  for (const count of Object.values(counts)) assert.ok(Number.isInteger(count) && Number(count) > 0)
}

function checkFinding(finding: Finding): void {
  const { id, severity, message, remedy, path, offset = 0, bytes = 0 } = finding
  const text = toJson(finding)
  assert.ok(id in CATALOGUE, text)
  assert.ok(['error', 'warning', 'info'].includes(severity), text)
  assert.ok(message.length > 0 && remedy.length > 0, text)
  assert.doesNotMatch(text, /NaN|undefined|\[object|Infinity|-\d+ bytes/)
  assert.ok(Number.isInteger(offset) && offset >= 0 && bytes >= 0, text)
  const { size } = statSync(path)
  if (bytes > 0) assert.ok(offset + bytes <= size, `${text} in ${size} bytes`)
}
