import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Columns } from '../../src/cli/columns.ts'
import type { Out } from '../../src/cli/out.ts'

test('rows line up under their titles; a wide cell shifts its row and is not cut', () => {
  const lines: string[] = []
  const out = { line: (text: string) => lines.push(text) } as unknown as Out
  const columns = new Columns(out, [
    { title: 'INDEX', width: 6, right: true },
    { title: 'TYPE', width: 6 },
    { title: 'KEY', width: 3 },
  ])
  columns.head((text) => `<${text}>`)
  columns.row(['1', 'normal', '/a'])
  columns.row(['22', 'confChangeV2', '/b'])
  columns.row(['3', '漢字', ''])
  assert.deepEqual(lines, [
    '< INDEX  TYPE    KEY>',
    '     1  normal  /a',
    '    22  confChangeV2  /b',
    '     3  漢字',
  ])
})
