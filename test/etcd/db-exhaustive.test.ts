/** Damages a small db everywhere; `npm test` does so in places. Needs no etcd, but many minutes. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const script = fileURLToPath(new URL('../hostile/db-exhaustive.ts', import.meta.url))

type Counts = Record<string, number>

interface Result {
  readonly changed: Counts
  readonly unnoticed: Counts
  readonly mutations: number
  readonly grown: { readonly heap: number; readonly resident: number }
}

test('every byte of a db changed, and 20 000 changes to its structure', async (t) => {
  const shards = availableParallelism()
  const runs = Array.from({ length: shards }, async (_, shard): Promise<Result> => {
    const args = ['--import=tsx', script, String(shard), String(shards)]
    const { stdout } = await promisify(execFile)(process.execPath, args)
    return JSON.parse(stdout)
  })
  const results = await Promise.all(runs)
  const total = (counts: (result: Result) => Counts, kind: string) =>
    results.reduce((sum, result) => sum + (counts(result)[kind] ?? 0), 0)
  const kinds = new Set(results.flatMap(({ changed }) => Object.keys(changed)))
  for (const kind of kinds) {
    const changed = total((result) => result.changed, kind)
    const unnoticed = total((result) => result.unnoticed, kind)
    t.diagnostic(`${kind}: ${changed} bytes changed, ${unnoticed} unnoticed`)
  }
  assert.equal(
    results.reduce((sum, { mutations }) => sum + mutations, 0),
    20_000,
  )
  for (const { grown } of results) {
    t.diagnostic(
      `memory grew by ${Math.round(grown.heap)} MiB, ${Math.round(grown.resident)} resident`,
    )
    assert.ok(grown.heap < 16 && grown.resident < 128)
  }
})
