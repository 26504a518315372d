import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ExitCode, worst } from '../../src/cli/exit-codes.ts'

test('with several inputs the worst counts: 70, then 1, 3, 4, 0', () => {
  const order = [ExitCode.bug, ExitCode.damage, ExitCode.unreadable, ExitCode.refused, ExitCode.ok]
  order.forEach((worse, i) => {
    for (const better of order.slice(i)) {
      assert.equal(worst(worse, better), worse)
      assert.equal(worst(better, worse), worse)
    }
  })
})
