/**
 * `db-exhaustive.ts SHARD SHARDS`: every byte of a db of 64 KiB changed, and twenty thousand changes to
 * its structure. Ends with one line of JSON; throws at the first thing that is not as it should be. See
 * test/etcd/db-exhaustive.test.ts.
 */

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { rotating } from './damage.ts'
import { DamagedDb, type Tally } from './db-damage.ts'
import { DbPages } from './db-pages.ts'
import { memoryInUse } from './memory.ts'

const MUTATIONS = 20_000

const [shard = 0, shards = 1] = process.argv.slice(2).map(Number)
const fixtures = join(import.meta.dirname, '../fixtures')
const backup = gunzipSync(readFileSync(join(fixtures, '3.6.14/keyspace/backup-written.db.gz')))
const bare = new DbPages(backup.subarray(0, -32))
const [home = 0, ...free] = bare.free()
const tally: Tally = { changed: {}, unnoticed: {} }

const withoutFreelist = new DamagedDb(Buffer.from(bare.bytes))
const withFreelist = new DamagedDb(bare.writeFreelist(home, free).bytes)
let mutations = 0
let start: ReturnType<typeof memoryInUse> | undefined
for (let seed = shard; seed < MUTATIONS; seed += shards) {
  const db = seed % 4 === 0 ? withoutFreelist : withFreelist
  db.mutate(seed)
  mutations += 1
  if (mutations === 200) start = memoryInUse()
}
for (let at = shard; at < withoutFreelist.intact.length; at += shards) {
  withoutFreelist.changeByte(at, rotating(withoutFreelist.intact[at] as number, at), tally)
}
const end = memoryInUse()
withoutFreelist.close()
withFreelist.close()
const grown = {
  heap: end.heap - (start?.heap ?? 0),
  resident: end.resident - (start?.resident ?? 0),
}
process.stdout.write(`${JSON.stringify({ ...tally, mutations, grown })}\n`)
