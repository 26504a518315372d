/**
 * Makes the big data dirs that benches and the oracle test read, in `.cache/bench/`.
 *
 *     npx tsx bench/load/make.ts [txn200|txn1g|puts1m|mixed100k …]
 */
import path from 'node:path'
import { repoRoot } from '../../test/etcd/install/versions.ts'
import { loadedDataDir, loads } from './data.ts'

const asked = process.argv.slice(2)
for (const name of asked.length > 0 ? asked : Object.keys(loads)) {
  console.log(path.relative(repoRoot, await loadedDataDir(name)))
}
