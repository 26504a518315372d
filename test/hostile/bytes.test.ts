/**
 * Every artefact with bytes changed and cut at lengths that are sampled; test/etcd/exhaustive.test.ts
 * takes all of them. What goes unnoticed is counted, and may only be of the classes named here.
 */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { changeBytes, cutAt, rotating, sample, Tally } from './damage.ts'
import { readAsEtcd } from './etcd-reader.ts'
import { inspect } from './judge.ts'
import { UNPROTECTED } from './layout.ts'
import { memoryInUse } from './memory.ts'
import { artefacts, Victim } from './victim.ts'

/** Of every artefact this many bytes, and as many lengths. */
const BYTES = 30
const LENGTHS = 12

/** A db is read whole, which takes longer; db-random.test.ts has more of them. */
const DB_SHARE = 5

const all = artefacts((name) => !/keyspace\/backup-(?!written)/.test(name))

describe('an artefact with a byte changed, or cut', () => {
  const tally = new Tally()
  for (const artefact of all) {
    test(artefact.name, () => {
      const victim = new Victim(artefact)
      try {
        const { length } = victim.intact
        const share = artefact.name.endsWith('db') ? DB_SHARE : 1
        changeBytes(victim, victim.path, sample(length, BYTES / share), rotating, tally)
        cutAt(victim, victim.path, [0, 1, 7, 8, length - 1, ...sample(length, LENGTHS / share)])
      } finally {
        victim.close()
      }
    })
  }

  test('is not noticed only where no checksum is', (t) => {
    for (const [kind, count] of Object.entries(tally.unnoticed)) {
      t.diagnostic(`${kind}: ${count} of ${tally.changed[kind]} changes unnoticed`)
      assert.ok(UNPROTECTED.has(kind), kind)
    }
  })
})

describe('every byte and every length', () => {
  for (const name of ['force-new-cluster/data/member/wal', 'restored/data/member/snap/0']) {
    const artefact = all.find((each) => each.name.startsWith(`3.6.14/${name}`))
    assert.ok(artefact)
    test(artefact.name, () => {
      const victim = new Victim(artefact)
      const { length } = victim.intact
      try {
        changeBytes(victim, victim.path, sample(length, length), rotating, new Tally())
        cutAt(victim, victim.path, sample(length, length / 2))
      } finally {
        victim.close()
      }
    })
  }
})

describe('a data dir with a byte changed in one of its files, or the file cut', () => {
  const files = artefacts((name) => /^3\.(5\.33|7\.1).*member/.test(name))
  for (const artefact of files) {
    test(artefact.name, () => {
      const victim = new Victim(artefact, true)
      try {
        const { length } = victim.intact
        changeBytes(victim, victim.top, sample(length, 12), rotating, new Tally())
        cutAt(victim, victim.top, [0, length - 1, ...sample(length, 4)])
      } finally {
        victim.close()
      }
    })
  }
})

test('the type of a record at the head of a segment is changed, in a data dir', () => {
  for (const artefact of artefacts(
    (name) => /segments|killed/.test(name) && name.endsWith('.wal'),
  )) {
    const victim = new Victim(artefact, true)
    try {
      const heads = readAsEtcd([victim.intact]).segments[0]?.slice(0, 2) ?? []
      for (const { typeEnd, type } of heads) {
        for (let other = 0; other < 8; other++) {
          victim.set(typeEnd - 1, other)
          const { found } = inspect(victim.top)
          assert.equal(found, other !== type, `${artefact.name}: type ${type} -> ${other}`)
        }
        victim.set(typeEnd - 1, type)
      }
    } finally {
      victim.close()
    }
  }
})

test('memory stays flat over thousands of damaged files', () => {
  const [artefact] = artefacts((name) => /^3\.6\.14\/killed.*\.wal$/.test(name))
  assert.ok(artefact)
  const victim = new Victim(artefact)
  try {
    const offsets = sample(victim.intact.length, 800)
    changeBytes(victim, victim.path, offsets, rotating, new Tally())
    const start = memoryInUse()
    for (let i = 0; i < 3; i++) changeBytes(victim, victim.path, offsets, rotating, new Tally())
    const end = memoryInUse()
    assert.ok(end.heap - start.heap < 8, `${start.heap} MiB, then ${end.heap} MiB`)
    assert.ok(end.external - start.external < 8, `${start.external} MiB, then ${end.external} MiB`)
    assert.ok(end.resident - start.resident < 64, `${start.resident} MiB, then ${end.resident} MiB`)
  } finally {
    victim.close()
  }
})
