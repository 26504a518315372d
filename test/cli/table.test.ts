import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { renderTable } from '../../src/cli/table.ts'

describe('a table', () => {
  test('has no borders, no colours and no trailing spaces', async () => {
    const table = await renderTable({
      head: ['INDEX', 'TYPE'],
      rows: [
        ['7', 'normal'],
        ['12345', ''],
      ],
      right: [0],
    })
    assert.equal(table, 'INDEX  TYPE\n    7  normal\n12345\n')
  })

  test('wraps the widest column to fit, and loses nothing', async () => {
    const key = '/registry/pods/kube-system/'.repeat(5)
    const rows = [
      ['KEY_ORDER', 'the keys of this page are out of order, so a binary search misses some'],
      ['KEY', key],
    ]
    const table = await renderTable({ rows, width: 40 })
    const lines = table.trimEnd().split('\n')
    assert.ok(lines.every((line) => line.length <= 40))
    assert.ok(lines[0]?.startsWith('KEY_ORDER  the keys of this page are'))
    const wrapped = lines.slice(lines.findIndex((line) => line.startsWith('KEY ')))
    assert.equal(wrapped.map((line) => line.slice('KEY_ORDER  '.length)).join(''), key)
  })

  test('measures what shows: colours have no width, some characters two', async () => {
    const rows = [
      ['\x1b[31mbad\x1b[39m', 'x'],
      ['漢字', 'x'],
    ]
    assert.equal(await renderTable({ rows }), '\x1b[31mbad\x1b[39m   x\n漢字  x\n')
  })
})
