import assert from 'node:assert/strict'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { Out } from '../../src/cli/out.ts'
import { temporaryDirectory } from './spawn.ts'

test('text and bytes come out in the order they went in', (t) => {
  const path = join(temporaryDirectory(t), 'out')
  const fd = openSync(path, 'w')
  const out = new Out(fd)
  const expected: Buffer[] = []
  const bytes = Buffer.alloc(100_000)
  for (let i = 0; i < 2000; i++) {
    const length = (i * 7919) % 90_000
    if (i % 3 === 0) {
      out.line(`zeile ${i} ü`)
      expected.push(Buffer.from(`zeile ${i} ü\n`))
    } else if (i % 3 === 1) {
      out.write('x'.repeat(length % 500))
      expected.push(Buffer.from('x'.repeat(length % 500)))
    } else {
      // The caller's buffer is used again and again.
      bytes.fill(i)
      out.write(bytes.subarray(0, i % 100 === 2 ? length : length % 300))
      expected.push(Buffer.alloc(i % 100 === 2 ? length : length % 300, i))
    }
  }
  out.flush()
  closeSync(fd)
  assert.ok(readFileSync(path).equals(Buffer.concat(expected)))
})

test('nothing is held back by flush, nothing written twice', (t) => {
  const path = join(temporaryDirectory(t), 'out')
  const fd = openSync(path, 'w')
  const out = new Out(fd)
  out.write('a')
  out.write(Buffer.from('b'))
  out.flush()
  assert.equal(readFileSync(path, 'utf8'), 'ab')
  out.flush()
  closeSync(fd)
  assert.equal(readFileSync(path, 'utf8'), 'ab')
})
