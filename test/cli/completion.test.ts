import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import type { Command } from '@oclif/core/command'
import { bashCompletion } from '../../src/cli/completion/bash.ts'
import { fishCompletion } from '../../src/cli/completion/fish.ts'
import { grammars } from '../../src/cli/completion/grammar.ts'
import { zshCompletion } from '../../src/cli/completion/zsh.ts'
import { etcdsnap, plainEnv, temporaryDirectory } from './spawn.ts'

const path = { path: { name: 'path' } }
const flags = {
  output: { name: 'output', char: 'o', type: 'option', options: ['table', 'json'] },
  'data-dir': { name: 'data-dir', type: 'option' },
  json: { name: 'json', type: 'boolean', summary: "It's [JSON]: text" },
  secret: { name: 'secret', type: 'boolean', hidden: true },
}
const commands = [
  { id: 'inspect', summary: "Show what's there.", args: path, flags },
  { id: 'inspect:log', summary: 'Show the log.', args: path, flags: {} },
  { id: 'completion', args: { shell: { name: 'shell', options: ['bash', 'zsh'] } }, flags: {} },
  { id: 'internal', args: {}, flags: {}, hidden: true },
] as unknown as Command.Cached[]

/** What a shell offers for the last of these words, in a directory with `my backup.db` and `wal/`. */
interface Case {
  readonly words: readonly string[]
  readonly offers: readonly string[]
}

const cases: Case[] = [
  { words: [''], offers: ['completion', 'inspect'] },
  { words: ['i'], offers: ['inspect'] },
  { words: ['--'], offers: ['--help', '--version'] },
  { words: ['inspect', ''], offers: ['log', 'my backup.db', 'wal'] },
  { words: ['inspect', 'w'], offers: ['wal'] },
  { words: ['inspect', 'my'], offers: ['my backup.db'] },
  { words: ['inspect', '--'], offers: ['--data-dir', '--help', '--json', '--output'] },
  { words: ['inspect', '-o', ''], offers: ['json', 'table'] },
  { words: ['inspect', '--output', 'j'], offers: ['json'] },
  { words: ['inspect', '--data-dir', ''], offers: ['my backup.db', 'wal'] },
  { words: ['inspect', 'log', 'w'], offers: ['wal'] },
  { words: ['inspect', 'log', '--'], offers: ['--help'] },
  { words: ['completion', ''], offers: ['bash', 'zsh'] },
]

function has(shell: string): boolean {
  return spawnSync(shell, ['-c', 'exit 0']).status === 0
}

function offered(shell: string, args: string[], cwd: string): string[] {
  const { stdout, stderr } = spawnSync(shell, args, { cwd, env: plainEnv, encoding: 'utf8' })
  assert.equal(stderr, '')
  return stdout.split('\n').filter(Boolean).sort()
}

describe('completion in bash', { skip: !has('bash') }, () => {
  const ask = `
    source "$1"
    shift
    COMP_WORDS=(etcdsnap "$@") COMP_CWORD=$#
    _etcdsnap
    printf '%s\\n' "\${COMPREPLY[@]}"`

  const bashCases = [
    ...cases,
    { words: ['inspect', '--output', '='], offers: ['json', 'table'] },
    { words: ['inspect', '--output', '=', 't'], offers: ['table'] },
  ]
  for (const { words, offers } of bashCases) {
    test(words.join(' '), (t) => {
      const { script, cwd } = place(t, bashCompletion(grammars(commands)))
      assert.deepEqual(offered('bash', ['-c', ask, 'bash', script, ...words], cwd), offers)
    })
  }

  test('of the real program', (t) => {
    const { script, cwd } = place(t, etcdsnap(['completion', 'bash']).stdout)
    const offers = offered('bash', ['-c', ask, 'bash', script, 'completion', ''], cwd)
    assert.deepEqual(offers, ['bash', 'fish', 'zsh'])
  })
})

describe('completion in fish', { skip: !has('fish') }, () => {
  for (const { words, offers } of cases) {
    test(words.join(' '), (t) => {
      const { script, cwd } = place(t, fishCompletion(grammars(commands)))
      const line = `etcdsnap ${words.join(' ')}`
      const ask = `source '${script}'; complete -C '${line}'`
      const found = offered('fish', ['--no-config', '-c', ask], cwd)
      // fish adds descriptions and the slash of a directory.
      const plain = found.map((offer) => offer.replace(/\t.*|\/$/g, '').replaceAll('\\', ''))
      assert.deepEqual(plain, offers)
    })
  }
})

describe('completion in zsh', { skip: !has('zsh') }, () => {
  test('parses', (t) => {
    const { script, cwd } = place(t, zshCompletion(grammars(commands)))
    assert.deepEqual(offered('zsh', ['-n', script], cwd), [])
  })
})

test('hidden commands and flags stay hidden', () => {
  for (const generate of [bashCompletion, zshCompletion, fishCompletion]) {
    assert.doesNotMatch(generate(grammars(commands)), /internal|secret/)
  }
})

function place(t: Parameters<typeof temporaryDirectory>[0], text: string) {
  const directory = temporaryDirectory(t)
  const cwd = join(directory, 'here')
  mkdirSync(join(cwd, 'wal'), { recursive: true })
  writeFileSync(join(cwd, 'my backup.db'), '')
  const script = join(directory, 'completion')
  writeFileSync(script, text)
  return { script, cwd }
}
