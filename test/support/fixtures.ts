/** Fixtures by name, each unpacked at most once per process. */
import { cpSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type OpenFixture, openFixture } from '../fixtures/open.ts'
import { removeAtExit, tempDir } from './temp-dir.ts'

const open = new Map<string, OpenFixture>()

export function fixture(version: string, scenario: string): OpenFixture {
  const name = `${version}/${scenario}`
  const known = open.get(name)
  if (known) return known
  const opened = openFixture(version, scenario)
  removeAtExit(opened.dir)
  open.set(name, opened)
  return opened
}

/** A file of a fixture, by its path in the fixture. */
export function fixtureFile(version: string, scenario: string, path: string): Buffer {
  return readFileSync(join(fixture(version, scenario).dir, path))
}

/** A copy of an artefact that a test may change; with the name it has in the fixture. */
export function fixtureCopy(version: string, scenario: string, path: string): string {
  const target = join(tempDir(), path.split('/').at(-1) as string)
  cpSync(join(fixture(version, scenario).dir, path), target, { recursive: true })
  return target
}

/** Names and bytes of the segments of a data dir in a fixture, in the order of the log. */
export function fixtureSegments(
  version: string,
  scenario: string,
  artefact: string,
): { name: string; bytes: Buffer }[] {
  const directory = join(fixture(version, scenario).dir, artefact, 'member/wal')
  return readdirSync(directory)
    .filter((name) => name.endsWith('.wal'))
    .sort()
    .map((name) => ({ name, bytes: readFileSync(join(directory, name)) }))
}
