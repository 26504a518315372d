import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Command } from '@oclif/core/command'
import { UsageError } from '../../src/cli/errors.ts'
import { type Route, route } from '../../src/cli/route.ts'

const flags = {
  json: { name: 'json', type: 'boolean' },
  output: { name: 'output', char: 'o', type: 'option' },
}
const ids = ['inspect', 'inspect:log', 'inspect:keys', 'verify', 'completion']
const commands = Object.fromEntries(ids.map((id) => [id, { id, flags }])) as unknown as Record<
  string,
  Command.Cached
>

const routes: [line: string, expected: Route][] = [
  ['', { to: 'help', id: '' }],
  ['--help', { to: 'help', id: '' }],
  ['help', { to: 'help', id: '' }],
  ['-v', { to: 'version' }],
  ['--version', { to: 'version' }],
  ['inspect', { to: 'command', id: 'inspect', argv: [] }],
  ['inspect a b', { to: 'command', id: 'inspect', argv: ['a', 'b'] }],
  ['inspect /data/log', { to: 'command', id: 'inspect', argv: ['/data/log'] }],
  ['inspect log', { to: 'command', id: 'inspect:log', argv: [] }],
  ['inspect log a', { to: 'command', id: 'inspect:log', argv: ['a'] }],
  ['inspect ./log', { to: 'command', id: 'inspect', argv: ['./log'] }],
  ['inspect a log', { to: 'command', id: 'inspect', argv: ['a', 'log'] }],
  ['inspect -- log', { to: 'command', id: 'inspect', argv: ['--', 'log'] }],
  ['inspect -', { to: 'command', id: 'inspect', argv: ['-'] }],
  ['inspect verify', { to: 'command', id: 'inspect', argv: ['verify'] }],
  ['--json inspect log a', { to: 'command', id: 'inspect:log', argv: ['--json', 'a'] }],
  ['inspect --json log a', { to: 'command', id: 'inspect:log', argv: ['--json', 'a'] }],
  ['inspect -o json log a', { to: 'command', id: 'inspect:log', argv: ['-o', 'json', 'a'] }],
  ['inspect -o log a', { to: 'command', id: 'inspect', argv: ['-o', 'log', 'a'] }],
  ['inspect a -h', { to: 'help', id: 'inspect' }],
  ['inspect log --help', { to: 'help', id: 'inspect:log' }],
  ['inspect -- -h', { to: 'command', id: 'inspect', argv: ['--', '-h'] }],
  ['help inspect keys', { to: 'help', id: 'inspect:keys' }],
  ['inspect a -v', { to: 'command', id: 'inspect', argv: ['a', '-v'] }],
]

describe('route', () => {
  for (const [line, expected] of routes) {
    test(`etcdsnap ${line}`, () => {
      assert.deepEqual(route(line.split(' ').filter(Boolean), commands), expected)
    })
  }
})

describe('a command that does not exist', () => {
  const hints: [line: string, hint: string][] = [
    ['verfiy x', 'did you mean: etcdsnap verify'],
    ['isnpect', 'did you mean: etcdsnap inspect'],
    ['keys x', 'did you mean: etcdsnap inspect keys'],
    ['frobnicate', 'see etcdsnap --help'],
    ['--json', 'see etcdsnap --help'],
    ['help verfy', 'did you mean: etcdsnap verify'],
  ]
  for (const [line, hint] of hints) {
    test(line, () => {
      assert.throws(
        () => route(line.split(' '), commands),
        (error) => error instanceof UsageError && error.hint === hint,
      )
    })
  }
})
