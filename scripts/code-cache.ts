/**
 * Writes V8's code cache for the bundle: `code-cache.ts BUNDLE`, next to it.
 *
 * The cache is taken after real commands have run, so that it also holds the functions that V8
 * compiles when they are first called. What the commands print is of no interest.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire, Module } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { Script } from 'node:vm'

const filename = resolve(process.argv[2] as string)
const script = new Script(Module.wrap(readFileSync(filename, 'utf8')), {
  filename: 'etcdsnap.cjs',
})
const bundle: { exports: { run?(argv: string[]): Promise<void> } } = { exports: {} }
const require = createRequire(filename)
script.runInThisContext()(bundle.exports, require, bundle, filename, dirname(filename))

for (const argv of commandLines()) await bundle.exports.run?.(argv)

const cache = filename.replace(/cjs$/, `${process.version}-${process.arch}.cache`)
writeFileSync(cache, script.createCachedData())
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
