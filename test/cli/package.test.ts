import assert from 'node:assert/strict'
import { test } from 'node:test'
import manifest from '../../package.json' with { type: 'json' }

test('oclif is pinned exactly: its minor releases change what help and errors print', () => {
  assert.equal(manifest.dependencies['@oclif/core'], '4.14.0')
})

test('runs on every Node since 20.19', () => {
  assert.equal(manifest.engines.node, '>=20.19')
})
