import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, test } from 'node:test'
import { hasColor, terminalWidth } from '../../src/cli/terminal.ts'
import { loadTheme } from '../../src/cli/theme.ts'

const terminal = { isTTY: true } as NodeJS.WriteStream
const pipe = { isTTY: false } as NodeJS.WriteStream

describe('colours', () => {
  const { env } = process
  beforeEach(() => {
    process.env = { TERM: 'xterm' }
  })
  afterEach(() => {
    process.env = env
  })

  test('show on a terminal, not in a pipe', async () => {
    assert.equal((await loadTheme(terminal)).bad('x'), '\x1b[31mx\x1b[39m')
    assert.equal((await loadTheme(pipe)).bad('x'), 'x')
  })

  test('NO_COLOR takes them away, unless it is empty', () => {
    process.env.NO_COLOR = '1'
    assert.equal(hasColor(terminal), false)
    process.env.NO_COLOR = ''
    assert.equal(hasColor(terminal), true)
  })

  test('FORCE_COLOR decides either way', () => {
    process.env.FORCE_COLOR = '1'
    process.env.NO_COLOR = '1'
    assert.equal(hasColor(pipe), true)
    process.env.FORCE_COLOR = '0'
    assert.equal(hasColor(terminal), false)
  })

  test('a dumb terminal has none', () => {
    process.env.TERM = 'dumb'
    assert.equal(hasColor(terminal), false)
  })

  test('a pipe is as wide as COLUMNS says, else 80', { skip: process.stdout.isTTY }, () => {
    assert.equal(terminalWidth(), 80)
    process.env.COLUMNS = '132'
    assert.equal(terminalWidth(), 132)
    process.env.COLUMNS = 'wide'
    assert.equal(terminalWidth(), 80)
  })
})
