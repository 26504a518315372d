import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nearest } from '../../src/cli/nearest.ts'

const words = ['inspect', 'verify', 'restore', 'repair', 'diff']

test('one slip in a short word, more in a long one', () => {
  assert.equal(nearest('dif', words), 'diff')
  assert.equal(nearest('fidf', words), undefined)
  assert.equal(nearest('verfiy', words), 'verify')
  assert.equal(nearest('inspcet', words), 'inspect')
  assert.equal(nearest('insepct', words), 'inspect')
  assert.equal(nearest('restroe', words), 'restore')
})

test('nothing is better than a wild guess', () => {
  assert.equal(nearest('x', words), undefined)
  assert.equal(nearest('backup', words), undefined)
  assert.equal(nearest('verify', []), undefined)
})
