#!/usr/bin/env node
// CommonJS (package.json beside this file), because Node starts it several milliseconds sooner than an ES module.
const { readFileSync } = require('node:fs')
const { createRequire, wrap } = require('node:module')
const { dirname, join } = require('node:path')
const { Script } = require('node:vm')
const { crc32 } = require('node:zlib')

const filename = join(__dirname, '..', 'dist', 'etcdsnap.cjs')
const source = readFileSync(filename)
const script = new Script(wrap(source.toString()), {
  filename: 'etcdsnap.cjs',
  cachedData: codeCache(filename.replace(/cjs$/, `${process.version}-${process.arch}.cache`)),
})
const bundle = { exports: {} }
const requireInBundle = createRequire(filename)
script.runInThisContext()(bundle.exports, requireInBundle, bundle, filename, dirname(filename))
bundle.exports.run()

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
    return crc32(cache, crc32(source)) === file.readUInt32LE(cache.length) ? cache : undefined
  } catch {
    return undefined
  }
}
