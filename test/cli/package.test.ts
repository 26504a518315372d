import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import manifest from '../../package.json' with { type: 'json' }
import { plainEnv, root } from './spawn.ts'

describe('package.json', () => {
  test('pins oclif exactly: its minor releases change what help and errors print', () => {
    assert.equal(manifest.dependencies['@oclif/core'], '4.14.0')
  })

  test('runs on every Node since 20.19, and says so', () => {
    assert.equal(manifest.engines.node, '>=20.19')
    assert.equal(manifest.license, 'Apache-2.0')
    assert.equal(manifest.type, 'module')
  })

  test('depends on nine libraries, none of them native', () => {
    assert.deepEqual(Object.keys(manifest.dependencies), [
      '@oclif/core',
      'chalk',
      'cli-table3',
      'crc-32',
      'long',
      'protobufjs',
      'yaml',
      'yauzl',
      'zstddec',
    ])
    assert.ok(!('optionalDependencies' in manifest))
  })
})

describe('package-lock.json', () => {
  const text = readFileSync(join(root, 'package-lock.json'), 'utf8')

  test('names no registry', () => {
    assert.doesNotMatch(text, /"resolved": "https?:/)
  })

  // npm drops those that its registry does not have, and `npm ci` then refuses the whole file.
  test('has the binaries of every platform', () => {
    const packages: Record<string, { optionalDependencies?: object }> = JSON.parse(text).packages
    const names = Object.values(packages).flatMap((entry) =>
      Object.keys(entry.optionalDependencies ?? {}),
    )
    const locked = Object.keys(packages)
    const missing = names.filter((name) => !locked.some((path) => path.endsWith(`/${name}`)))
    assert.deepEqual(missing, [])
  })
})

test('the package holds the program, the library and the messages, and nothing else', () => {
  const { stdout } = spawnSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    cwd: root,
    env: { ...plainEnv, npm_config_loglevel: 'silent' },
    encoding: 'utf8',
  })
  const [{ files }] = JSON.parse(stdout)
  const paths: string[] = files.map(({ path }: { path: string }) => path)
  for (const needed of ['bin/run.js', 'dist/etcdsnap.cjs', 'package.json', 'LICENSE']) {
    assert.ok(paths.includes(needed), needed)
  }
  const expected =
    /^(bin\/run\.js|bin\/package\.json|dist\/.*|proto\/.*\.proto|package\.json|LICENSE|README\.md)$/
  assert.deepEqual(
    paths.filter((path) => !expected.test(path) || path.includes('.built-from')),
    [],
  )
})
