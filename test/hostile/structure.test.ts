/** Lengths that lie, frames that move, runs of zeros, and bytes of no kind under every name. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import fc from 'fast-check'
import { explain, sample } from './damage.ts'
import { readAsEtcd } from './etcd-reader.ts'
import { inspect } from './judge.ts'
import { artefacts, Victim } from './victim.ts'

const SECTOR = 512

/** Of every property; any seed is a good one, and a failure names it. */
const RUNS = 600

/** What a length field is set to: nothing, too little, too much, negative. */
const LENGTHS: readonly bigint[] = [
  0n,
  1n,
  7n,
  8n,
  255n,
  0xffffn,
  0x7fff_ffffn,
  0xffff_ffffn,
  2n ** 53n,
  2n ** 56n - 1n,
  2n ** 63n - 1n,
  2n ** 63n,
  2n ** 64n - 1n,
  0x8700_0000_0000_0001n,
]

const logs = artefacts((name) => /^3\.(3.*cluster|5\.33|7.*killed).*\.wal$/.test(name))

describe('a log', () => {
  for (const artefact of logs) {
    test(artefact.name, () => {
      const victim = new Victim(artefact)
      try {
        for (const [what, bytes] of mutations(victim.intact)) {
          victim.fill(bytes)
          explain(what, () => {
            const { ending } = readAsEtcd([bytes])
            const { found } = inspect(victim.path)
            if (ending !== 'end') assert.ok(found, `${ending} by etcd, and not found`)
          })
        }
      } finally {
        victim.close()
      }
    })
  }
})

function* mutations(intact: Buffer): Generator<[string, Buffer]> {
  const frames = readAsEtcd([intact]).segments[0] ?? []
  const chosen = sample(frames.length, 3).map((position) => frames[position]) as typeof frames
  for (const { at, end } of chosen) {
    for (const length of LENGTHS) {
      const bytes = Buffer.from(intact)
      bytes.writeBigUInt64LE(length, at)
      yield [`length ${length} at ${at}`, bytes]
    }
    const frame = intact.subarray(at, end)
    yield [`frame at ${at} twice`, Buffer.concat([intact.subarray(0, end), intact.subarray(at)])]
    yield [`frame at ${at} dropped`, Buffer.concat([intact.subarray(0, at), intact.subarray(end)])]
    yield [`frame at ${at} first`, Buffer.concat([frame, intact])]
    yield [`frame at ${at} in front of 3 bytes`, Buffer.concat([frame, intact.subarray(0, 3)])]
    yield [`behind ${at} again`, Buffer.concat([intact, intact.subarray(at)])]
    yield [
      `shifted by a byte at ${at}`,
      Buffer.concat([intact.subarray(0, at), frame, Buffer.of(0), intact.subarray(at)]),
    ]
  }
  for (let zeros = 1; zeros <= 4096; zeros *= 4) {
    for (let at = 0; at < intact.length; at += SECTOR * 5) {
      yield [
        `${zeros} zeros at ${at}`,
        Buffer.from(intact).fill(0, at, Math.min(at + zeros, intact.length)),
      ]
    }
  }
}

/** Every name that says what its file should be, and one that says nothing. */
const NAMES = [
  '0000000000000000-0000000000000000.wal',
  '0000000000000001-0000000000000002.snap',
  '0000000000000002.snap.db',
  '0.tmp',
  '0000000000000000-0000000000000000.wal.broken',
  'db',
  'backup.db',
  'backup.db.part',
  'nothing',
]

/** How files of each kind begin, so that noise gets past the first look at it. */
const HEADS = artefacts((name) => name.startsWith('3.6.14/killed')).map((artefact) => {
  const victim = new Victim(artefact)
  victim.close()
  return victim.intact
})

describe('noise', () => {
  let directory = ''
  before(() => {
    directory = mkdtempSync(join(tmpdir(), 'etcdsnap-noise-'))
  })
  after(() => rmSync(directory, { recursive: true }))

  const anyName = fc.constantFrom(...NAMES)
  const anyHead = fc.tuple(fc.constantFrom(...HEADS), fc.nat(600))
  const noise = fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    fc.uint8Array({ minLength: 4000, maxLength: 9000 }),
    fc.array(fc.constantFrom(0, 1, 2, 8, 10, 16, 18, 26, 34, 128, 255), { maxLength: 400 }),
  )

  test('of any size, under any name', () => {
    fc.assert(
      fc.property(anyName, noise, (name, bytes) => check(name, Uint8Array.from(bytes))),
      { numRuns: RUNS },
    )
  })

  test('behind the head of something real', () => {
    fc.assert(
      fc.property(anyName, anyHead, noise, (name, [head, length], bytes) =>
        check(name, Buffer.concat([head.subarray(0, length), Uint8Array.from(bytes)])),
      ),
      { numRuns: RUNS },
    )
  })

  test('in the middle of something real', () => {
    const change = fc.tuple(fc.nat(), fc.uint8Array({ minLength: 1, maxLength: 64 }))
    fc.assert(
      fc.property(
        anyName,
        fc.constantFrom(...HEADS),
        fc.array(change, { minLength: 1, maxLength: 6 }),
        (name, intact, changes) => {
          const bytes = Buffer.from(intact)
          for (const [position, noise] of changes) {
            const at = position % bytes.length
            bytes.set(noise.subarray(0, bytes.length - at), at)
          }
          check(name, bytes)
        },
      ),
      { numRuns: RUNS },
    )
  })

  function check(name: string, bytes: Uint8Array): void {
    const path = join(directory, name)
    writeFileSync(path, bytes)
    inspect(path)
  }
})
