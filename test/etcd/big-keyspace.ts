/** A store of 50 000 keys, made on a running server within seconds. */
import type { Cluster } from './cluster.ts'
import { base64, post, put } from './gateway.ts'

export const KEYS = 50_000
const PER_TXN = 100
const WRITERS = 8
const LEASES = ['101', '102', '7587000000000000103']

/** Keys put, overwritten, deleted and put again, in transactions; one compaction in between. */
export async function fillKeyspace(cluster: Cluster): Promise<{ compacted: number }> {
  for (const ID of LEASES) await post(cluster, '/lease/grant', { ID, TTL: '360000' })
  const all = Array.from({ length: KEYS }, (_, i) => i)
  await putAll(cluster, all, 1)
  await putAll(
    cluster,
    all.filter((i) => i % 5 === 0),
    2,
  )
  const range = { key: base64(keyOf(20_000)), range_end: base64(keyOf(21_000)) }
  const { header } = await post(cluster, '/kv/deleterange', range)
  const compacted = Number(header.revision) - 10
  await cluster.etcdctl(['compact', '--physical', String(compacted)])
  await putAll(
    cluster,
    all.filter((i) => i % 7 === 0 || (i >= 20_000 && i < 21_000)),
    3,
  )
  await put(cluster, Buffer.from([0, 0xff, 0]), Buffer.from([0xff]))
  await put(cluster, 'large', 'of many pages '.repeat(20_000))
  return { compacted }
}

function keyOf(i: number): string {
  return `load/${i % 10}/${String(i).padStart(6, '0')}`
}

/** Several transactions at a time, so that they share the server's syncs. */
async function putAll(cluster: Cluster, numbers: readonly number[], round: number): Promise<void> {
  const batches: (readonly number[])[] = []
  for (let at = 0; at < numbers.length; at += PER_TXN) {
    batches.push(numbers.slice(at, at + PER_TXN))
  }
  const writers = Array.from({ length: WRITERS }, async () => {
    for (let batch = batches.pop(); batch !== undefined; batch = batches.pop()) {
      await post(cluster, '/kv/txn', { success: batch.map((i) => putOf(i, round)) })
    }
  })
  await Promise.all(writers)
}

function putOf(i: number, round: number) {
  const lease = i % 11 === 0 ? { lease: LEASES[i % 3] } : {}
  const value = `${i} in round ${round} `.repeat(1 + (i % 13))
  return { request_put: { key: base64(keyOf(i)), value: base64(value), ...lease } }
}
