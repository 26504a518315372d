/** What has to be true of a db, however it is damaged. */
import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { BoltDb } from '../../src/lib/bolt/bolt-db.ts'
import { Findings } from '../../src/lib/findings/findings.ts'
import { FileSource } from '../../src/lib/io/file-source.ts'
import { Keyspace } from '../../src/lib/store/keyspace.ts'
import { explain } from './damage.ts'
import { type DbByte, dbLayout } from './db-layout.ts'
import { mutate } from './db-mutations.ts'
import { inspect } from './judge.ts'

/**
 * A change of any of these cannot be overlooked; the others hold what only a SHA-256 protects, or what
 * may be another way of saying the same: a branch key may be any that is not above the first one below.
 */
export const NOTICED: ReadonlySet<DbByte> = new Set<DbByte>([
  ...(['meta', 'page id', 'page flags', 'page overflow', 'freelist'] as const),
  ...(['element flags', 'element pos', 'element ksize', 'branch pgid', 'trailer'] as const),
])

/** Of one in so many damaged files the keys are listed as well. */
const LISTED = 4

export interface Tally {
  readonly changed: Partial<Record<DbByte, number>>
  readonly unnoticed: Partial<Record<DbByte, number>>
}

/** A copy of a db, in a directory of its own, that is damaged and mended. */
export class DamagedDb {
  readonly intact: Buffer
  private readonly directory: string
  private readonly path: string
  private readonly layout: readonly DbByte[]
  private readonly soundIds: string
  private reads = 0

  /** @param bytes as a member leaves it, or with the trailer of a backup */
  constructor(bytes: Buffer) {
    this.directory = mkdtempSync(join(tmpdir(), 'etcdsnap-db-'))
    this.path = join(this.directory, bytes.length % 512 === 0 ? 'db' : 'backup.db')
    this.intact = bytes
    this.layout = dbLayout(bytes)
    writeFileSync(this.path, bytes)
    this.soundIds = inspect(this.path).ids.join()
  }

  close(): void {
    rmSync(this.directory, { recursive: true })
  }

  /** Changes one byte; counts by what it is for. */
  changeByte(at: number, value: number, tally: Tally): void {
    const kind = this.layout[at] as DbByte
    const bytes = Buffer.from(this.intact)
    bytes[at] = value
    const noticed = this.read(bytes, `byte ${at}, ${kind}: ${this.intact[at]} -> ${value}`)
    tally.changed[kind] = (tally.changed[kind] ?? 0) + 1
    if (noticed) return
    tally.unnoticed[kind] = (tally.unnoticed[kind] ?? 0) + 1
    assert.ok(!NOTICED.has(kind), `byte ${at}, ${kind}: unnoticed`)
    assert.ok(!this.isBackup, `byte ${at}, ${kind}: unnoticed in a backup`)
  }

  /** One of the mutations of db-mutations.ts. */
  mutate(seed: number): void {
    const { what, bytes } = mutate(this.intact, seed)
    const noticed = this.read(bytes, what)
    const isChanged = !bytes.equals(this.intact)
    assert.ok(noticed || !isChanged || !this.isBackup, `${what}: unnoticed in a backup`)
  }

  /** Any bytes in the file's place. */
  replace(bytes: Uint8Array, what: string): void {
    this.read(bytes, what)
  }

  get isBackup(): boolean {
    return this.intact.length % 512 !== 0
  }

  /** Reads and lists; the checks are those of judge.ts. Gives whether anything was found. */
  private read(bytes: Uint8Array, what: string): boolean {
    writeFileSync(this.path, bytes)
    let ids = ''
    explain(what, () => {
      ids = inspect(this.path).ids.join()
      if (this.reads++ % LISTED === 0) listKeys(this.path)
      assert.ok(readFileSync(this.path).equals(bytes))
    })
    return ids !== this.soundIds
  }
}

/** Each key is above the one before, whatever the order in the file. */
function listKeys(path: string): void {
  const source = new FileSource(path)
  const findings = new Findings()
  let keyspace: Keyspace | undefined
  try {
    keyspace = new Keyspace(new BoltDb(source, findings), findings, {})
    let before: Uint8Array | undefined
    for (const { key, valueOffset, valueBytes } of keyspace.entries()) {
      assert.ok(before === undefined || Buffer.compare(before, key) < 0)
      assert.ok(valueOffset + valueBytes <= source.size)
      before = Uint8Array.from(key)
    }
  } finally {
    keyspace?.close()
    source.close()
  }
}
