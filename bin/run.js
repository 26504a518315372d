#!/usr/bin/env node
import { readFileSync } from 'node:fs'
import { createRequire, Module } from 'node:module'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Script } from 'node:vm'

// Starts the bundle with V8's code cache, which halves the time to start. V8 itself rejects a cache
// that does not fit the bundle, the processor or its own version, and compiles as ever.
const filename = fileURLToPath(new URL('../dist/etcdsnap.cjs', import.meta.url))
const script = new Script(Module.wrap(readFileSync(filename, 'utf8')), {
  filename: 'etcdsnap.cjs',
  cachedData: readIfThere(filename.replace(/cjs$/, `${process.version}-${process.arch}.cache`)),
})
const module = { exports: {} }
const require = createRequire(filename)
script.runInThisContext()(module.exports, require, module, filename, dirname(filename))
await module.exports.run()

function readIfThere(path) {
  try {
    return readFileSync(path)
  } catch {
    return undefined
  }
}
