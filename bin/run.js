#!/usr/bin/env node
import { readFileSync } from 'node:fs'
import { createRequire, Module } from 'node:module'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Script } from 'node:vm'
import { crc32 } from 'node:zlib'

const filename = fileURLToPath(new URL('../dist/etcdsnap.cjs', import.meta.url))
const bundle = readFileSync(filename)
const script = new Script(Module.wrap(bundle.toString()), {
  filename: 'etcdsnap.cjs',
  cachedData: codeCache(filename.replace(/cjs$/, `${process.version}-${process.arch}.cache`)),
})
const module = { exports: {} }
const require = createRequire(filename)
script.runInThisContext()(module.exports, require, module, filename, dirname(filename))
await module.exports.run()

/**
 * V8's code cache for the bundle, which halves the time to start; undefined if there is none.
 *
 * V8 refuses a cache of another version or processor, but takes a damaged one, or one of another
 * bundle of the same length, and crashes. So a CRC-32 of bundle and cache is at its end.
 */
function codeCache(path) {
  try {
    const file = readFileSync(path)
    const cache = file.subarray(0, -4)
    return crc32(cache, crc32(bundle)) === file.readUInt32LE(cache.length) ? cache : undefined
  } catch {
    return undefined
  }
}
