import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type Grid, loadTables, tableWidth } from '../../src/cli/table.ts'

const draw = await loadTables()
const asIs = (text: string) => text

describe('a table', () => {
  const grid: Grid = {
    columns: [{ title: 'INDEX', right: true }, { title: 'TYPE' }],
    rows: [
      ['7', 'normal'],
      ['12345', ''],
    ],
  }

  test('has no borders, no colours of its own and no trailing spaces', () => {
    assert.deepEqual(draw(grid, asIs), ['INDEX  TYPE', '    7  normal', '12345'])
    assert.equal(draw(grid, (text) => `<${text}>`.slice(1, -1))[0], 'INDEX  TYPE')
  })

  test('is as wide as it says', () => {
    const widest = Math.max(...draw(grid, asIs).map((line) => line.length))
    assert.equal(tableWidth(grid), widest)
  })

  test('lets the last cell of a short row run on below the columns behind it', () => {
    const lines = draw({ ...grid, rows: [...grid.rows, ['… 312 more, see --json']] }, asIs)
    assert.equal(lines.at(-1), '… 312 more, see --json')
  })

  test('measures what shows: colours have no width, some characters two', () => {
    const columns = [{ title: '' }, { title: '' }]
    const rows = [
      ['\x1b[31mbad\x1b[39m', 'x'],
      ['漢字', 'x'],
    ]
    assert.deepEqual(draw({ columns, rows }, asIs), ['\x1b[31mbad\x1b[39m   x', '漢字  x'])
  })
})
