/**
 * Takes etcd out of Debian's archive: the machine's own mirror, with another suite's name.
 *
 * Apt keeps its state in a private directory, so nothing on the system changes and no
 * privilege is needed.
 */
import { copyFileSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { run } from './run.ts'
import type { Tool } from './versions.ts'

const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg'
const packages = ['etcd-server', 'etcd-client']

/** The suite has moved on: it no longer carries the pinned version. */
export class VersionGone extends Error {}

/** Puts those of `tools` that Debian packages for `version` into `dir`. */
export async function installFromDebian(
  version: string,
  suite: string,
  tools: Tool[],
  dir: string,
): Promise<void> {
  const state = path.join(dir, 'apt')
  const options = await privateApt(suite, state)
  await run('apt-get', [...options, 'update'])

  const wanted: string[] = []
  for (const name of packages) {
    wanted.push(`${name}=${await debianVersion(name, version, suite, options)}`)
  }
  await run('apt-get', [...options, 'download', ...wanted], { cwd: state })
  for (const deb of readdirSync(state).filter((name) => name.endsWith('.deb'))) {
    await run('dpkg-deb', ['-x', path.join(state, deb), path.join(state, 'root')])
  }
  for (const tool of tools) {
    const file = path.join(state, 'root/usr/bin', tool)
    if (existsSync(file)) {
      copyFileSync(file, path.join(dir, tool))
    }
  }
  rmSync(state, { recursive: true })
}

/** Apt options that read one suite and keep everything under `state`. */
async function privateApt(suite: string, state: string): Promise<string[]> {
  for (const name of ['lists/partial', 'cache/archives/partial', 'root']) {
    mkdirSync(path.join(state, name), { recursive: true })
  }
  const source = path.join(state, 'sources.list')
  const signedBy = existsSync(keyring) ? `[signed-by=${keyring}] ` : ''
  writeFileSync(source, `deb ${signedBy}${await debianMirror()} ${suite} main\n`)
  const settings = {
    'Dir::Etc::SourceList': source,
    'Dir::Etc::SourceParts': '/dev/null',
    'Dir::State': state,
    'Dir::State::Lists': path.join(state, 'lists'),
    'Dir::State::Status': '/dev/null',
    'Dir::Cache': path.join(state, 'cache'),
    'Acquire::Check-Valid-Until': 'false',
    'Acquire::Languages': 'none',
    'APT::Sandbox::User': 'root',
  }
  return Object.entries(settings).flatMap(([name, value]) => ['-o', `${name}=${value}`])
}

/** The mirror of the main Debian archive that this machine is configured to use. */
async function debianMirror(): Promise<string> {
  const targets = await run('apt-get', ['indextargets', '--format', '$(LABEL) $(REPO_URI)'])
  for (const line of targets.split('\n')) {
    const [label, uri] = line.split(' ')
    if (label === 'Debian' && uri) {
      return uri
    }
  }
  throw new Error('apt is configured with no mirror of the Debian archive')
}

/** The full Debian version (`3.5.30-2`) of the wanted upstream version. */
async function debianVersion(
  name: string,
  upstream: string,
  suite: string,
  options: string[],
): Promise<string> {
  const table = await run('apt-cache', [...options, 'madison', name])
  const offered = table.split('\n').flatMap((row) => row.split('|')[1]?.trim() ?? [])
  const found = offered.find((full) => /^[\d.]+/.exec(full)?.[0] === upstream)
  if (!found) {
    const has = offered.join(', ') || 'no version'
    throw new VersionGone(`Debian ${suite} has ${has} of ${name}, not ${upstream}`)
  }
  return found
}
