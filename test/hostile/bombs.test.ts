import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { BOMBS } from './bombs.ts'
import { run } from './program.ts'

/** The promise is 120 MiB; requests of millions of parts, lists of voters and v2 stores take more. */
const MOST_MEBIBYTES = 180
const MOST_WITH_JSON = 250

const LONGEST_MS = 15_000

describe('a file made to cost time or memory', () => {
  for (const { name, file, make } of BOMBS) {
    test(`costs little: ${name}`, (t) => {
      const directory = mkdtempSync(join(tmpdir(), 'etcdsnap-bomb-'))
      t.after(() => rmSync(directory, { recursive: true }))
      const path = join(directory, file)
      writeFileSync(path, make())
      // The listing reads a log twice, and shows what the first reading found.
      const way = file.endsWith('.wal') ? ['inspect', 'log'] : ['inspect', '--json']
      const { ms, mebibytes = 0 } = run([...way, path])
      t.diagnostic(`${Math.round(ms)} ms, ${Math.round(mebibytes)} MiB`)
      assert.ok(ms < LONGEST_MS, `took ${Math.round(ms)} ms`)
      const most = /v2 store|voters/.test(name) ? MOST_WITH_JSON : MOST_MEBIBYTES
      assert.ok(mebibytes < most, `took ${Math.round(mebibytes)} MiB`)
    })
  }
})
