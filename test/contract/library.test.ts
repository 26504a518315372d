import assert from 'node:assert/strict'
import { test } from 'node:test'

test('the package exports the library', async () => {
  const name = 'etcdsnap'
  const library = await import(name)
  const findings = new library.Findings()
  const artefact = await library.readArtefact('/nowhere/at-all', findings)
  assert.deepEqual(library.artefactReport(artefact), {
    path: '/nowhere/at-all',
    type: 'unknown',
    bytes: 0,
  })
  assert.deepEqual(library.findingsReport(findings).counts, { FILE_UNREADABLE: 1 })
  for (const { id } of findings.list) assert.ok(id in library.CATALOGUE)
})

test('and reads a log entry by entry', async () => {
  const name = 'etcdsnap'
  const library = await import(name)
  const wal = await library.readLog('test/fixtures/3.6.14/cluster/m1', new library.Findings())
  const selection = new library.Selection(wal.log, { startIndex: 2, endIndex: 4 })
  const indexes = []
  while (selection.next()) {
    indexes.push(library.entryReport(selection.frames, selection.position, {}).index)
  }
  selection.close()
  assert.deepEqual(indexes, [2, 3])
})

test('and opens a backup row by row', async () => {
  const name = 'etcdsnap'
  const library = await import(name)
  const findings = new library.Findings()
  const source = await library.openSource('test/fixtures/3.6.14/kubernetes/backup.db.gz', findings)
  const db = new library.BoltDb(source, findings, { nameKey: library.nameKey })
  const kinds = new Set<string>()
  for (const { value } of library.revisionRows(db, findings)) {
    const { encoding, object } = library.describeValue(value)
    if (encoding === 'protobuf') kinds.add(object.kind)
  }
  assert.ok(kinds.has('Pod') && kinds.has('Secret'), [...kinds].join(', '))
  assert.equal(library.readStoreFile(source, findings).store.keys.live, 76)
  source.close()
  assert.deepEqual(findings.list, [])
})
