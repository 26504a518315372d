import assert from 'node:assert/strict'
import { test } from 'node:test'

test('the package exports the library', async () => {
  const name = 'etcdsnap'
  const library = await import(name)
  const findings = new library.Findings()
  const artefact = library.readArtefact('/nowhere/at-all', findings)
  assert.deepEqual(library.artefactReport(artefact), {
    path: '/nowhere/at-all',
    type: 'unknown',
    bytes: 0,
  })
  assert.deepEqual(library.findingsReport(findings).counts, { FILE_UNREADABLE: 1 })
  for (const { id } of findings.list) assert.ok(id in library.CATALOGUE)
})
