import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Disclosure } from '../../src/lib/report/bytes.ts'
import { VALUE_FORMS } from '../../src/lib/report/bytes.ts'
import { entryDetail } from '../../src/lib/report/entry-detail.ts'
import { toJson } from '../../src/lib/report/json.ts'
import { decodePayload } from '../../src/lib/wal/payload.ts'
import { REQUESTS } from '../../src/lib/wal/request-name.ts'
import { DUMP_LOGS_ENTRIES } from '../lib/wal/dump-logs-entries.ts'
import { assertMatches, parse, readSchema } from './schemas.ts'

/** A log entry's line, but for where it stands. */
const place = { type: 'entry', term: 2, index: 7, entryType: 'normal', offset: 0, bytes: 8 }
const flags = { committed: true, overwritten: false }

describe('an entry of the log', () => {
  const disclosures: Disclosure[] = [false, true].flatMap((showSecrets) =>
    [undefined, ...VALUE_FORMS].map((values) => ({ values, showSecrets })),
  )
  for (const disclosure of disclosures) {
    test(`with ${toJson(disclosure)}`, () => {
      for (const { type, data } of DUMP_LOGS_ENTRIES) {
        const detail = entryDetail(decodePayload(type, data), disclosure)
        assertMatches('log.json#/$defs/line', parse(toJson({ ...place, ...flags, ...detail })))
      }
    })
  }

  test('has a schema for each request', () => {
    const details = defsOf('log.json')
    const { requestName } = defsOf('common.json') as { requestName: { enum: string[] } }
    for (const { name } of REQUESTS) {
      assert.ok(name in details, name)
      assert.ok(requestName.enum.includes(name), name)
    }
    for (const name of requestName.enum) assert.ok(name in details, name)
  })
})

function defsOf(schema: string): Record<string, unknown> {
  return readSchema(schema).$defs as Record<string, unknown>
}
