/** The stages of the keyspace fixtures: backups, and what the server said when they were taken. */
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import type { StageTruth } from '../fixtures/make/stage.ts'
import type { StatusByTool } from '../fixtures/make/status.ts'
import { listFixtures } from '../fixtures/open.ts'
import { fixture } from '../support/fixtures.ts'

export interface Stage {
  /** `<version>/keyspace/<backup>` */
  readonly name: string
  readonly version: string
  readonly path: string
  readonly truth: StageTruth
}

export function stages(): Stage[] {
  return listFixtures().flatMap(([version, scenario]) => {
    const { dir, truth } = fixture(version, scenario)
    return (truth.stages ?? []).map((stage) => ({
      name: `${version}/${scenario}/${stage.backup}`,
      version,
      path: join(dir, stage.backup),
      truth: stage,
    }))
  })
}

/** Every db and backup of all fixtures, with what the three etcdutl say of it. */
export function statuses(): { name: string; path: string; said: StatusByTool[string] }[] {
  return listFixtures().flatMap(([version, scenario]) => {
    const { dir, truth } = fixture(version, scenario)
    return Object.entries(truth.status).map(([path, said]) => ({
      name: `${version}/${scenario}/${path}`,
      path: join(dir, path),
      said,
    }))
  })
}

/** What is stored of a live key; see KeyspaceTruth. */
export interface StoredKey {
  readonly key: Uint8Array
  readonly createRevision: number | bigint
  readonly modRevision: number | bigint
  readonly version: number | bigint
  readonly lease: number | bigint
  readonly value: Uint8Array
}

/** A key as the truth has it. */
export function line({ key, createRevision, modRevision, version, lease, value }: StoredKey) {
  const sha256 = createHash('sha256').update(value).digest('hex').slice(0, 16)
  const hexLease = BigInt.asUintN(64, BigInt(lease)).toString(16).padStart(16, '0')
  const said = [base64(key), createRevision, modRevision, version, hexLease, value.length, sha256]
  return said.join(' ')
}

export function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64')
}

/** At every revision that can be asked for, all keys in their order, as the server listed them. */
export function* keyspaces({ keyspace }: StageTruth): Iterable<[number, string[]]> {
  const keys = new Map<string, string>()
  for (const { revision, set, gone } of keyspace) {
    for (const said of set) keys.set(said.split(' ')[0] as string, said)
    for (const key of gone) keys.delete(key)
    const sorted = [...keys].map(([key, said]) => ({ key: Buffer.from(key, 'base64'), said }))
    sorted.sort((a, b) => Buffer.compare(a.key, b.key))
    yield [Number(revision), sorted.map(({ said }) => said)]
  }
}
