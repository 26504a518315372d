import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { CATALOGUE } from '../../../src/lib/findings/catalogue.ts'
import { Findings, LISTED_PER_ID } from '../../../src/lib/findings/findings.ts'

const place = { path: 'file' }
const details = { message: 'something is wrong' }

describe('Findings', () => {
  it('takes severity and remedy from the catalogue, and what the occurrence says', () => {
    const findings = new Findings()
    findings.report('WAL_PADDING', { ...place, offset: 8, bytes: 3 }, { ...details, found: '7' })
    assert.deepEqual(findings.list, [
      {
        id: 'WAL_PADDING',
        path: 'file',
        offset: 8,
        bytes: 3,
        message: 'something is wrong',
        found: '7',
        severity: 'warning',
        remedy: CATALOGUE.WAL_PADDING.remedy,
      },
    ])
  })

  it('lets an occurrence be better or worse than its kind', () => {
    const findings = new Findings()
    findings.report('WAL_INDEX_GAP', place, { ...details, severity: 'warning' })
    assert.equal(findings.list[0]?.severity, 'warning')
    assert.deepEqual([findings.of('error'), findings.of('warning'), findings.of('info')], [0, 1, 0])
  })

  it('keeps 100 of an id and counts all, whatever else there is', () => {
    const findings = new Findings()
    for (let i = 0; i < LISTED_PER_ID + 50; i++) findings.report('WAL_CRC_MISMATCH', place, details)
    findings.report('FILE_EMPTY', place, details)
    assert.equal(LISTED_PER_ID, 100)
    assert.equal(findings.list.length, LISTED_PER_ID + 1)
    assert.deepEqual(
      [...findings.counts],
      [
        ['WAL_CRC_MISMATCH', 150],
        ['FILE_EMPTY', 1],
      ],
    )
    assert.equal(findings.of('error'), 151)
    assert.ok(findings.has('FILE_EMPTY') && !findings.has('FILE_CHANGED'))
  })

  it('says which artefact it is about, once there are several', () => {
    const findings = new Findings(1)
    findings.report('FILE_EMPTY', place, details)
    findings.artefact = 0
    findings.report('FILE_CHANGED', place, details)
    assert.deepEqual(
      findings.list.map(({ artefact }) => artefact),
      [undefined, 0],
    )
    assert.ok(!('artefact' in (findings.list[0] as object)))
  })
})

describe('CATALOGUE', () => {
  it('explains every finding in whole sentences', () => {
    for (const [id, { title, severity, meaning, remedy }] of Object.entries(CATALOGUE)) {
      assert.match(id, /^(FILE|SNAP|WAL|DB|MVCC|STORE|MEMBER)_[A-Z0-9_]+$/)
      assert.match(title, /^\w.*[^.]$/, id)
      assert.ok(['error', 'warning', 'info'].includes(severity), id)
      for (const text of [meaning, remedy]) assert.match(text, /^[A-Z0-9e].*\.$/s, id)
    }
  })
})
