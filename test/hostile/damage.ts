/** Changes every byte of an artefact, and cuts it at every length; says what went unnoticed. */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type Reading, readAsEtcd } from './etcd-reader.ts'
import { inspect, type Verdict } from './judge.ts'
import { type ByteClass, COVERED, layoutOf } from './layout.ts'
import type { Victim } from './victim.ts'

/** What a byte is changed to, by how thorough the run is. */
export type Change = (byte: number, offset: number) => number

/** All of them, so that each offset meets each in a full run. */
export const CHANGES: readonly Change[] = [
  (byte) => byte ^ 0x01,
  (byte) => byte ^ 0x80,
  () => 0x00,
  () => 0xff,
]

/** One for each offset, in rotation; never one that leaves the byte as it is. */
export const rotating: Change = (byte, offset) => {
  const changed = CHANGES.map((change) => change(byte, offset)).filter((value) => value !== byte)
  return changed[offset % changed.length] as number
}

/** About `count` of the numbers below `length`, evenly spread, the same in every run. */
export function sample(length: number, count: number): number[] {
  const chosen = Math.max(1, Math.min(length, Math.floor(count)))
  const step = length / chosen
  return Array.from({ length: chosen }, (_, i) => Math.floor(i * step + ((i * 0.618) % 1) * step))
}

/** How many bytes of each class were changed, and how many changes left no trace in the findings. */
export class Tally {
  readonly changed: Record<string, number> = {}
  readonly unnoticed: Record<string, number> = {}

  add(kind: ByteClass, noticed: boolean): void {
    this.changed[kind] = (this.changed[kind] ?? 0) + 1
    if (!noticed) this.unnoticed[kind] = (this.unnoticed[kind] ?? 0) + 1
  }
}

/**
 * Changes the chosen bytes of a file, one at a time, and inspects it after each.
 *
 * @param inspected the file itself, or a directory that it lies in
 */
export function changeBytes(
  victim: Victim,
  inspected: string,
  offsets: Iterable<number>,
  change: Change,
  tally: Tally,
): void {
  const { intact, path } = victim
  const classes = layoutOf(path, intact)
  const before = inspect(inspected)
  const whole = inspected !== path
  const etcd = path.endsWith('.wal') ? new Log(path, whole) : undefined
  for (const offset of offsets) {
    const byte = intact[offset] as number
    const value = change(byte, offset)
    if (value === byte) continue
    victim.set(offset, value)
    const kind = classes[offset] as ByteClass
    explain(`${path}: byte ${offset}, ${kind}, ${byte} -> ${value}`, () => {
      const after = inspect(inspected)
      if (COVERED.has(kind)) assert.ok(isNoticed(before, after), 'covered, and not found')
      const noticed = isNoticed(before, after)
      etcd?.check(offset, value, after.found, noticed || kind === 'wal record type')
      tally.add(kind, noticed)
    })
    victim.set(offset, byte)
  }
}

/** Cuts a file at each of these lengths. */
export function cutAt(victim: Victim, inspected: string, lengths: Iterable<number>): void {
  const { intact, path } = victim
  const etcd = path.endsWith('.wal') ? new Log(path, inspected !== path) : undefined
  for (const length of lengths) {
    victim.cut(length)
    explain(`${path}: cut at ${length}`, () => {
      const { found, ids } = inspect(inspected)
      if (etcd) assert.ok(found || etcd.cut(length).ending === 'end', 'inside a record')
      else if (path.endsWith('.snap')) assert.ok(found, 'a .snap')
      else if (length < intact.length) assert.ok(found, 'a db')
      if (length === 0) assert.ok(ids.includes('FILE_EMPTY') || etcd, 'empty')
    })
  }
  victim.mend()
}

/** Noticed is a change of which the findings tell: of more, or of other ones. */
function isNoticed(before: Verdict, after: Verdict): boolean {
  return after.found || after.ids.some((id) => !before.ids.includes(id))
}

/** The log that a segment belongs to, as the reader in etcd-reader.ts sees it. */
class Log {
  private readonly segments: Buffer[]
  private readonly position: number
  private readonly intact: Buffer
  private readonly sound: string

  constructor(path: string, whole: boolean) {
    const directory = dirname(path)
    const names = readdirSync(directory).filter((name) => name.endsWith('.wal'))
    const paths = whole ? names.sort().map((name) => join(directory, name)) : [path]
    this.segments = paths.map((each) => readFileSync(each))
    this.position = paths.indexOf(path)
    this.intact = this.segments[this.position] as Buffer
    this.sound = this.meaning(readAsEtcd(this.segments).segments)
  }

  /** What etcd refuses or mends has to be found; what nobody noticed must not change its log. */
  check(offset: number, value: number, found: boolean, mayDiffer: boolean): void {
    const byte = this.intact[offset] as number
    this.intact[offset] = value
    const { ending, segments } = readAsEtcd(this.segments)
    if (ending !== 'end') assert.ok(found, `${ending} by etcd, and not found`)
    if (!mayDiffer) assert.equal(this.meaning(segments), this.sound, 'another log, unnoticed')
    this.intact[offset] = byte
  }

  /** The types and the data of all records. */
  private meaning(frames: Reading['segments']): string {
    return frames
      .flatMap((each, position) =>
        each.map(({ type, dataAt, dataEnd }) => {
          const data = this.segments[position]?.subarray(dataAt, dataEnd)
          return `${type} ${data?.toString('base64')}`
        }),
      )
      .join('\n')
  }

  cut(length: number): Reading {
    const segments = this.segments.with(this.position, this.intact.subarray(0, length))
    return readAsEtcd(segments)
  }
}

/** Puts what was done in front of whatever went wrong. */
export function explain(what: string, run: () => void): void {
  try {
    run()
  } catch (error) {
    throw new Error(`${what}: ${error instanceof Error ? error.message : error}`, { cause: error })
  }
}
