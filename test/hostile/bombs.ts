/** Files that are made to cost far more time or memory than their bytes. */
import { field, innerOf, lengthField, Segment, snapOf } from './forge.ts'

const MIB = 1024 * 1024

export interface Bomb {
  readonly name: string
  /** The name of the file. */
  readonly file: string
  readonly make: () => Buffer
}

const SEGMENT = '0000000000000000-0000000000000000.wal'
const SNAP = '0000000000000001-0000000000000002.snap'

/** Repeats bytes to about this length. */
function repeat(unit: Buffer, length: number): Buffer {
  return Buffer.alloc(Math.floor(length / unit.length) * unit.length, unit)
}

function wal(name: string, make: () => Segment): Bomb {
  return { name, file: SEGMENT, make: () => make().bytes }
}

function snap(name: string, store: () => Buffer, confState?: () => Buffer): Bomb {
  return { name, file: SNAP, make: () => snapOf(innerOf(store(), confState?.())) }
}

/** Deep JSON of the shape of a v2 store. */
function nestedStore(levels: number): Buffer {
  const open = '{"Children":{"a":'.repeat(levels)
  return Buffer.from(`{"Root":${open}{}${'}}'.repeat(levels)}`)
}

const store = Buffer.from('{"Root":{"Path":"/","Children":{}}}')

/** A damaged record, then two that are believed: reading goes on behind every one of them. */
function damages(size: number, claim: (left: number) => number): Segment {
  const segment = Segment.begin()
  const good = new Segment().record(4).record(2, field(1, 0)).bytes
  const broken = Buffer.from([0x08, 0x02, 0x10, 0x07])
  const unit = 16 + good.length
  const count = Math.floor(size / unit)
  for (let i = 0; i < count; i++) {
    const length = claim((count - i) * unit)
    segment.raw(lengthField(length, (8 - (length % 8)) % 8), broken, Buffer.alloc(4, 0xff), good)
  }
  return segment
}

export const BOMBS: readonly Bomb[] = [
  wal('a record that claims all of 2^56 bytes', () =>
    Segment.begin().raw(lengthField(2n ** 56n - 1n), Buffer.alloc(100, 1)),
  ),
  wal('records of every size up to the largest that is held', () => {
    const segment = Segment.begin()
    let index = 0
    for (let size = 1; size <= 16 * MIB; size *= 2) segment.entry(++index, Buffer.alloc(size - 1))
    return segment
  }),
  wal('a record larger than any that is held', () =>
    Segment.begin().entry(1, Buffer.alloc(24 * MIB)),
  ),
  wal('a damaged place every few bytes', () => damages(8 * MIB, () => 8)),
  wal('damaged records that overlap to the end of the file', () =>
    damages(8 * MIB, (left) => left - 8),
  ),
  wal('frames within frames', () => {
    const units = 60_000
    const segment = Segment.begin().raw(Buffer.alloc(8, 0xff))
    for (let i = 0; i < units; i++) {
      // Field 4 takes the next frame's length, so that all that follows is fields of this record.
      const head = Buffer.from([8, 2, 0x10, 1, 0x22, 10, 0, 0])
      segment.raw(lengthField((units - i) * 16 - 8), head)
    }
    return segment.record(2, field(1, 0))
  }),
  wal('frames that lead to one large frame', () => {
    const units = 60_000
    const segment = Segment.begin().raw(Buffer.alloc(8, 0xff))
    for (let i = 0; i < units; i++) {
      const left = (units - i) * 24 - 24
      const head = [8, 2, 0x10, 1, 0x22, 0x80, 0x80, 0x80, 0]
      const length = left + 5
      for (let k = 0; k < 3; k++) head[5 + k] = ((length >> (7 * k)) & 0x7f) | 0x80
      head[8] = length >> 21
      segment.raw(lengthField(left + 14, 2), Buffer.from(head), Buffer.alloc(7))
    }
    return segment.record(2, Buffer.alloc(8 * MIB, 7))
  }),
  wal('requests of ever new numbers', () => {
    const segment = Segment.begin()
    for (let i = 1; i <= 150_000; i++) segment.entry(i, field(5000 + i, Buffer.alloc(0)))
    return segment
  }),
  wal('an index that goes back at every other entry', () => {
    const segment = Segment.begin()
    for (let i = 1; i <= 150_000; i++) segment.entry(i).entry(i)
    return segment
  }),
  wal('gaps without end, and snapshots that explain them', () => {
    const segment = Segment.begin()
    const snapshot = (index: number) => Buffer.concat([field(1, index), field(2, 1)])
    for (let i = 1; i <= 10_000; i++) segment.record(5, snapshot(2 ** 40 + i))
    for (let i = 1; i <= 100_000; i++) segment.entry(i * 2)
    return segment
  }),
  wal('snapshot records with tens of thousands of voters', () => {
    const segment = Segment.begin()
    const confState = repeat(field(1, 7), 60_000)
    for (let i = 1; i <= 300; i++) {
      segment.record(5, Buffer.concat([field(1, i), field(2, 1), field(3, confState)]))
    }
    return segment
  }),
  wal('metadata of many megabytes, and other metadata', () => {
    const segment = Segment.begin()
    for (let i = 0; i < 12; i++) segment.record(1, Buffer.alloc(2 * MIB, i + 1))
    return segment
  }),
  wal('membership changes with names of a megabyte', () => {
    const segment = Segment.begin()
    for (let i = 1; i <= 32; i++) {
      const context = Buffer.from(JSON.stringify({ id: i, name: 'x'.repeat(MIB) }))
      segment.entry(i, Buffer.concat([field(2, 0), field(3, i), field(4, context)]), 1)
    }
    return segment
  }),
  wal('a membership change with a context of empty lists', () => {
    const context = Buffer.from(`{"peerURLs":[${'[],'.repeat(5 * MIB)}[]]}`)
    return Segment.begin().entry(1, Buffer.concat([field(3, 1), field(4, context)]), 1)
  }),
  wal('a request of empty messages', () => {
    const operations = repeat(field(2, Buffer.alloc(0)), 15 * MIB)
    return Segment.begin().entry(1, field(6, operations))
  }),
  wal('a v2 request in an endless repetition', () =>
    Segment.begin().entry(1, repeat(field(2, Buffer.alloc(0)), 15 * MIB)),
  ),
  wal('one-byte noise in a record of 15 MiB', () =>
    Segment.begin().frame(Buffer.alloc(15 * MIB, Buffer.from([0x20, 1]))),
  ),
  snap('a v2 store of a hundred thousand levels', () => nestedStore(100_000)),
  snap('a v2 store of a thousand levels', () => nestedStore(990)),
  snap('a v2 store of four thousand levels', () => nestedStore(4000)),
  snap('a v2 store of empty lists', () => Buffer.from(`[${'[],'.repeat(1.3 * MIB)}[]]`)),
  snap('a v2 store of long numbers', () =>
    Buffer.from(`[${'12345678901234567,'.repeat(0.2 * MIB)}1]`),
  ),
  snap('a v2 store of unclosed lists', () => Buffer.alloc(4 * MIB - 99, '[')),
  snap('a v2 store with hundreds of thousands of keys', () => {
    const leaves = Array.from({ length: 170_000 }, (_, i) => `"k${i}":{"Value":"v"}`)
    return Buffer.from(`{"Root":{"Children":{"1":{"Children":{${leaves.join(',')}}}}}}`)
  }),
  snap(
    'tens of thousands of voters',
    () => store,
    () => repeat(field(1, 7), 60_000),
  ),
  { name: 'fields without end', file: SNAP, make: () => repeat(field(9, 1), 16 * MIB) },
]
