/** Damages the fixtures everywhere; `npm test` does so in places. Needs no etcd, but minutes. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { UNPROTECTED } from '../hostile/layout.ts'

const script = fileURLToPath(new URL('../hostile/exhaustive.ts', import.meta.url))

type Counts = Record<string, number>

interface Result {
  readonly changed: Counts
  readonly unnoticed: Counts
  readonly cuts: number
  readonly grown: { readonly heap: number; readonly resident: number }
}

test('every byte changed and every length cut', async (t) => {
  const shards = availableParallelism()
  const runs = Array.from({ length: shards }, async (_, shard): Promise<Result> => {
    const args = ['--import=tsx', script, String(shard), String(shards)]
    const { stdout } = await promisify(execFile)(process.execPath, args)
    return JSON.parse(stdout)
  })
  const results = await Promise.all(runs)
  const changed = sum(results.map((result) => result.changed))
  const unnoticed = sum(results.map((result) => result.unnoticed))
  t.diagnostic(`${results.reduce((all, { cuts }) => all + cuts, 0)} cuts`)
  for (const [kind, count] of Object.entries(changed)) {
    t.diagnostic(`${kind}: ${count} changes, ${unnoticed[kind] ?? 0} unnoticed`)
  }
  for (const kind of Object.keys(unnoticed)) assert.ok(UNPROTECTED.has(kind), kind)
  for (const { grown } of results) {
    t.diagnostic(
      `memory grew by ${Math.round(grown.heap)} MiB, ${Math.round(grown.resident)} resident`,
    )
    assert.ok(grown.heap < 16 && grown.resident < 128)
  }
})

function sum(all: readonly Counts[]): Counts {
  const total: Counts = {}
  for (const [kind, count] of all.flatMap((each) => Object.entries(each))) {
    total[kind] = (total[kind] ?? 0) + count
  }
  return total
}
