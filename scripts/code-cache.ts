/**
 * Writes V8's code cache for the bundle, next to it, for bin/run.js: `code-cache.ts BUNDLE`.
 *
 * The cache is taken after real commands have run, so that it also holds the functions that V8
 * compiles when they are first called. What the commands print is of no interest.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire, Module } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { Script } from 'node:vm'
import { crc32 } from 'node:zlib'

const filename = resolve(process.argv[2] as string)
const bundle = readFileSync(filename)
const script = new Script(Module.wrap(bundle.toString()), { filename: 'etcdsnap.cjs' })
const module: { exports: { run?(argv: string[]): Promise<void> } } = { exports: {} }
const require = createRequire(filename)
script.runInThisContext()(module.exports, require, module, filename, dirname(filename))

for (const argv of commandLines()) await module.exports.run?.(argv)

const cache = script.createCachedData()
const checksum = Buffer.alloc(4)
checksum.writeUInt32LE(crc32(cache, crc32(bundle)))
const path = filename.replace(/cjs$/, `${process.version}-${process.arch}.cache`)
writeFileSync(path, Buffer.concat([cache, checksum]))
process.exitCode = 0

function commandLines(): string[][] {
  const samples = ['snap', 'wal', 'db'].flatMap(sample)
  return [
    ['--help'],
    ['completion', 'bash'],
    ['inspect', '--help'],
    ...samples.flatMap((path) => [
      ['inspect', path],
      ['inspect', path, '--json'],
    ]),
  ]
}

/** One file of the test fixtures with this extension. */
function sample(extension: string): string[] {
  const fixtures = join('test', 'fixtures')
  if (!existsSync(fixtures)) return []
  const found = readdirSync(fixtures, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(`.${extension}`))
    .sort()
  return found.slice(0, 1).map((name) => join(fixtures, name))
}
