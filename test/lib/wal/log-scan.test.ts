/** Logs of several segments: the chain between them, and what the records say together. */
import assert from 'node:assert/strict'
import { appendFileSync, utimesSync, writeFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { Findings } from '../../../src/lib/findings/findings.ts'
import { scanLog } from '../../../src/lib/wal/log-scan.ts'
import { fixtureSegments } from '../../support/fixtures.ts'
import { placeOf, scanSegments } from '../../support/scan.ts'
import { tempFile } from '../../support/temp-dir.ts'
import { framesOf, SegmentWriter, segmentName, TYPE } from '../../support/wal-bytes.ts'

const segments = fixtureSegments('3.6.14', 'segments', 'data')
const names = segments.map(({ name }) => name)
const bytesAt = (at: number) => segments[at]?.bytes as Buffer
const nameAt = (at: number) => names[at] as string

/** The real segments in which some are replaced, and some (undefined) are left out. */
function scanWith(changes: Readonly<Record<number, Uint8Array | undefined>>) {
  const chosen = segments.flatMap(({ name, bytes }, at): [string, Uint8Array][] => {
    const each = at in changes ? changes[at] : bytes
    return each === undefined ? [] : [[name, each]]
  })
  return scanSegments(Object.fromEntries(chosen))
}

const head = framesOf(bytesAt(0))[0]?.end as number
const clean = Array(segments.length - 1).fill('clean')
const lastCommit = scanWith({}).wal.log.summary.hardState?.commit

const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0)
const recordsFrom = (at: number) =>
  sum(segments.slice(at).map(({ bytes }) => framesOf(bytes).length))
const entriesFrom = (at: number) => sum(segments.slice(at).map(({ bytes }) => entriesIn(bytes)))
const entriesIn = (bytes: Uint8Array) =>
  framesOf(bytes).filter(({ type }) => type === TYPE.entry).length

describe('a log of several segments', () => {
  it('is one chain, though its oldest segments are gone', () => {
    assert.ok(segments.length >= 3)
    assert.notEqual(framesOf(bytesAt(0))[0]?.crc, 0)
    const { wal, ids } = scanWith({})
    assert.deepEqual(ids, [])
    assert.deepEqual(
      wal.log.segments.map(({ tail }) => tail),
      [...clean, 'zeros'],
    )
    for (let purged = 1; purged < segments.length; purged++) {
      const left = Object.fromEntries(
        segments.slice(purged).map(({ name, bytes }) => [name, bytes]),
      )
      const { wal, ids } = scanSegments(left)
      assert.deepEqual(ids, [])
      const first = segments.slice(purged)[0]
      assert.equal(wal.log.summary.firstIndex, Number.parseInt(first?.name.slice(17, 33) ?? '', 16))
      assert.equal(wal.log.summary.hardState?.commit, lastCommit)
    }
  })

  it('reads any of its segments by itself', () => {
    for (const { name, bytes } of segments) {
      const { ids, wal } = scanSegments({ [name]: bytes })
      assert.deepEqual(ids, [])
      assert.equal(wal.log.segments[0]?.records, framesOf(bytes).length)
    }
  })

  it('misses a segment from the middle', () => {
    const { wal, findings, ids } = scanWith({ 1: undefined })
    assert.deepEqual(
      new Set(ids),
      new Set(['WAL_SEQUENCE_GAP', 'WAL_CHAIN_BROKEN', 'WAL_BEYOND_DAMAGE']),
    )
    const broken = findings.list.find(({ id }) => id === 'WAL_CHAIN_BROKEN')
    assert.deepEqual(placeOf(broken), {
      ...{ id: 'WAL_CHAIN_BROKEN', segment: nameAt(2), offset: 0, bytes: head, record: 0 },
    })
    const crc = (at: number) => (framesOf(bytesAt(2))[at]?.crc ?? 0).toString(16).padStart(8, '0')
    assert.equal(broken?.expected, crc(0))
    assert.equal(
      broken?.found,
      (framesOf(bytesAt(0)).at(-1)?.crc ?? 0).toString(16).padStart(8, '0'),
    )
    const gap = findings.list.find(({ id }) => id === 'WAL_SEQUENCE_GAP')
    assert.deepEqual(
      [gap?.found, gap?.expected],
      names.slice(0, 2).map((name) => name.slice(0, 16)),
    )
    // etcd gets no further than the first segment; all that follows is beyond.
    const { beyond, runs } = wal.log.summary
    assert.equal(runs.last, Number.parseInt(nameAt(1).slice(17, 33), 16) - 1)
    assert.equal(beyond.records, recordsFrom(2) - 1)
    assert.equal(beyond.entries, entriesFrom(2))
    assert.deepEqual([beyond.lastIndex, beyond.hardState?.commit], [lastCommit, lastCommit])
    assert.deepEqual(
      wal.log.segments.slice(0, 2).map(({ tail }) => tail),
      ['clean', 'corrupt'],
    )
  })

  it('finds segments that were swapped', () => {
    const { ids, findings } = scanWith({ 1: bytesAt(2), 2: bytesAt(1) })
    const broken = findings.list.filter(({ id }) => id === 'WAL_CHAIN_BROKEN')
    assert.deepEqual(
      broken.map((each) => placeOf(each)),
      names.slice(1, 4).map((segment) => ({
        id: 'WAL_CHAIN_BROKEN',
        segment,
        offset: 0,
        bytes: head,
        record: 0,
      })),
    )
    assert.ok(ids.includes('WAL_BEYOND_DAMAGE'))
    assert.ok(!ids.includes('WAL_CRC_MISMATCH'))
  })

  it('finds a segment that was replaced by that of another member', () => {
    const [other] = fixtureSegments('3.5.33', 'segments', 'data').slice(1)
    assert.ok(other)
    const { ids, findings } = scanWith({ 1: other.bytes })
    assert.ok(ids.includes('WAL_CHAIN_BROKEN'))
    const conflict = findings.list.find(({ id }) => id === 'WAL_METADATA_CONFLICT')
    assert.deepEqual([conflict?.severity, conflict?.record], ['error', 1])
    assert.notEqual(conflict?.expected, conflict?.found)
  })

  it('finds a damaged crc record at the head of a segment', () => {
    const damaged = Buffer.from(bytesAt(2))
    damaged.writeUInt8(damaged.readUInt8(11) ^ 1, 11)
    const { findings, ids, wal } = scanWith({ 2: damaged })
    assert.deepEqual(ids, ['WAL_CHAIN_BROKEN', 'WAL_BEYOND_DAMAGE'])
    assert.deepEqual([findings.list[0]?.offset, findings.list[0]?.record], [0, 0])
    assert.equal(wal.log.summary.beyond.entries, entriesFrom(2))
  })

  it('takes nothing of one segment for granted in the next after damage', () => {
    const damaged = Buffer.from(bytesAt(1))
    const last = framesOf(damaged).at(-1)
    assert.ok(last)
    damaged.writeUInt8(
      damaged.readUInt8(last.end - last.padding - 1) ^ 1,
      last.end - last.padding - 1,
    )
    const { ids, findings, wal } = scanWith({ 1: damaged })
    assert.deepEqual(ids, ['WAL_CRC_MISMATCH', 'WAL_BEYOND_DAMAGE'])
    assert.deepEqual([findings.list[0]?.offset, findings.list[1]?.offset], [last.offset, 0])
    assert.equal(wal.log.summary.beyond.records, recordsFrom(2))
  })

  it('finds a segment that was cut exactly behind a record', () => {
    const frames = framesOf(bytesAt(1))
    const cut = bytesAt(1).subarray(0, frames.at(-3)?.offset)
    const { ids, wal } = scanWith({ 1: cut })
    assert.ok(ids.includes('WAL_CHAIN_BROKEN'))
    assert.deepEqual(
      wal.log.segments.slice(0, 3).map(({ tail }) => tail),
      ['clean', 'clean', 'corrupt'],
    )
  })

  it('compares the name of a segment with what came before it', () => {
    const [first, second] = [nameAt(0), nameAt(1)]
    const renamed = `${second.slice(0, 17)}${'0'.repeat(13)}fff.wal`
    const { ids, findings } = scanSegments({ [first]: bytesAt(0), [renamed]: bytesAt(1) })
    assert.deepEqual(ids, ['WAL_SEGMENT_NAME'])
    const [{ severity, expected, found } = {}] = findings.list
    assert.deepEqual(
      [severity, expected, found],
      ['warning', String(Number.parseInt(second.slice(17, 33), 16)), String(0xfff)],
    )
  })

  it('reports a segment that is written to while it is read', () => {
    const path = tempFile(nameAt(0), bytesAt(0))
    const touched = tempFile(nameAt(1), bytesAt(1))
    const findings = new Findings()
    let reads = 0
    const bytes = bytesAt(0).length
    const file = { path, bytes, seq: 4, firstIndex: 0xb7 }
    const untouched = scanLog([file], findings)
    assert.deepEqual([findings.list.length, untouched.segments.length], [0, 1])
    // A getter that is asked for during the scan stands for the server that writes meanwhile.
    const watched = {
      bytes: bytesAt(1).length,
      path: touched,
      seq: 5,
      get firstIndex() {
        if (reads++ === 0) appendFileSync(touched, Buffer.alloc(8))
        return 0xde
      },
    }
    scanLog([file, watched], findings)
    utimesSync(path, 1, 1)
    assert.deepEqual(
      findings.list.map(({ id, path }) => [id, path]),
      [['FILE_CHANGED', touched]],
    )
  })
})

describe('what the records of a log say together', () => {
  const log = () => new SegmentWriter().metadata().snapshot(0, 0)

  it('is conflicting when a later segment names another member', () => {
    const first = log().entries(1, 3).state(3)
    const other = new SegmentWriter(first.run).metadata(7, 2).state(3).entry(4)
    const { ids, findings } = scanSegments({
      [segmentName(0, 0)]: first.bytes(),
      [segmentName(1, 4)]: other.bytes(16),
    })
    assert.deepEqual(ids, ['WAL_METADATA_CONFLICT'])
    assert.deepEqual(
      [findings.list[0]?.expected, findings.list[0]?.found],
      ['08011002', '08071002'],
    )
    assert.deepEqual(findings.list[0]?.segment, 1)
  })

  it('is not conflicting where metadata is absent', () => {
    const first = log().entries(1, 3).state(3)
    const bare = new SegmentWriter(first.run).record(TYPE.metadata).state(3).entry(4)
    assert.deepEqual(
      scanSegments({ [segmentName(0, 0)]: first.bytes(), [segmentName(1, 4)]: bare.bytes() }).ids,
      [],
    )
  })

  it('is a gap, fatal only behind the snapshot that etcd starts from', () => {
    const cases: [SegmentWriter, string | undefined, string?][] = [
      [log().entries(1, 3).entries(6, 9).state(9), 'error'],
      // A snapshot record explains the jump: the leader sent it.
      [log().entries(1, 3).snapshot(5).entries(6, 9).state(9), undefined],
      [log().entries(1, 3).snapshot(4).entries(6, 9).state(9), 'error'],
      [log().entries(1, 3).snapshot(6).entries(6, 9).state(9), 'warning'],
      // One that comes later does not explain it, but etcd never looks at what lies before it.
      [log().entries(1, 3).entries(6, 9).snapshot(8).state(9), 'warning'],
      [log().entries(1, 3).entries(6, 9).snapshot(8).entries(10, 12).state(12), 'warning'],
      // Not committed as far as the last HardState tells, so that etcd does not start from it.
      [log().entries(1, 3).entries(6, 9).snapshot(8).state(7), 'error'],
    ]
    for (const [writer, severity] of cases) {
      const { findings, ids } = scanSegments(writer.bytes(16))
      assert.deepEqual(ids, severity === undefined ? [] : ['WAL_INDEX_GAP'])
      const [gap] = findings.list
      assert.equal(gap?.severity, severity)
      if (severity) assert.deepEqual([gap?.index, gap?.expected, gap?.found], [6, '4', '6'])
      if (severity) assert.equal(framesOf(writer.bytes())[gap?.record ?? 0]?.offset, gap?.offset)
    }
  })

  it('starts from the newest snapshot that is committed', () => {
    const start = (writer: SegmentWriter) => scanSegments(writer.bytes(16)).wal.log.startSnapshot
    assert.deepEqual(start(log().entries(1, 9).snapshot(5).snapshot(8).state(9)), {
      index: 8,
      term: 2,
    })
    assert.deepEqual(start(log().entries(1, 9).snapshot(5).snapshot(8).state(7)), {
      index: 5,
      term: 2,
    })
    assert.deepEqual(start(log().entries(1, 9).snapshot(5)), { index: 0, term: 0 })
    assert.equal(start(new SegmentWriter().metadata().snapshot(5)), undefined)
  })

  it('has overwritten entries, of which the last ones count', () => {
    const { wal, ids } = scanSegments(
      log().entries(1, 9).entries(7, 8).entries(8, 12).state(12).bytes(16),
    )
    assert.deepEqual(ids, [])
    const { runs, entries } = wal.log.summary
    assert.deepEqual([runs.runs, runs.overwritten, entries], [[{ first: 1, last: 12 }], 4, 16])
  })

  it('commits no entry that is not there', () => {
    const commit = (writer: SegmentWriter, name = segmentName(0, 0)) =>
      scanSegments({ [name]: writer.bytes(16) }).findings.list.map(({ id, index, expected }) => [
        id,
        index,
        expected,
      ])
    assert.deepEqual(commit(log().entries(1, 5).state(5)), [])
    assert.deepEqual(commit(log().entries(1, 5).state(6)), [
      ['WAL_COMMIT_OUT_OF_RANGE', 6, 'at most 5'],
    ])
    assert.deepEqual(commit(log().entries(1, 5).snapshot(9).state(9)), [])
    assert.deepEqual(commit(log().entries(1, 5).snapshot(9).state(10)), [
      ['WAL_COMMIT_OUT_OF_RANGE', 10, 'at most 9'],
    ])
    assert.deepEqual(commit(log().entries(1, 9).entries(4, 5).state(7)), [
      ['WAL_COMMIT_OUT_OF_RANGE', 7, 'at most 5'],
    ])
    assert.deepEqual(commit(log().state(1)), [['WAL_COMMIT_OUT_OF_RANGE', 1, 'at most 0']])
    // A new member that was sent a snapshot, and no entry since.
    assert.deepEqual(commit(log().state(0).snapshot(9).state(9)), [])
    // An older HardState is of no account.
    assert.deepEqual(commit(log().entries(1, 5).state(9).state(5)), [])
    // A segment that was just begun: its name tells that the log had got to index 8.
    const begun = new SegmentWriter(7).metadata().state(8)
    assert.deepEqual(commit(begun, segmentName(3, 9)), [])
    assert.equal(commit(begun, segmentName(3, 8)).length, 1)
  })

  it('is not judged by the commit index of a segment that says nothing of its place', () => {
    const begun = new SegmentWriter(7).metadata().state(8).bytes(16)
    const path = tempFile('x', begun)
    const findings = new Findings()
    scanLog([{ path, bytes: begun.length }], findings)
    assert.deepEqual(findings.list, [])
    writeFileSync(path, new SegmentWriter(7).metadata().state(8).entries(3, 5).bytes(16))
    scanLog([{ path, bytes: begun.length }], findings)
    assert.ok(findings.has('WAL_COMMIT_OUT_OF_RANGE'))
  })

  it('compares what lies beyond damage with the commit index', () => {
    const beyond = (writer: SegmentWriter) => {
      const bytes = writer.bytes(16)
      // The data of record 3, the entry with index 1.
      const { end, padding } = framesOf(bytes)[3] ?? { end: 0, padding: 0 }
      bytes.writeUInt8(bytes.readUInt8(end - padding - 1) ^ 1, end - padding - 1)
      return scanSegments(bytes).findings.list.find(({ id }) => id === 'WAL_BEYOND_DAMAGE')?.message
    }
    assert.equal(
      beyond(log().entries(1, 9).state(9)),
      '9 valid records lie beyond the damage, 8 of them entries with the indexes 2 to 9; ' +
        'all were committed (the commit index found beyond is 9)',
    )
    assert.equal(
      beyond(log().entries(1, 9).state(4)),
      '9 valid records lie beyond the damage, 8 of them entries with the indexes 2 to 9; ' +
        'those up to 4 were committed (the commit index found beyond)',
    )
    assert.equal(
      beyond(log().entries(1, 9)),
      '8 valid records lie beyond the damage, 8 of them entries with the indexes 2 to 9; ' +
        'no commit index is known',
    )
    assert.match(
      beyond(log().entries(1, 9).state(1)) ?? '',
      /none is known to be committed \(the commit/,
    )
    assert.equal(
      beyond(log().entries(1, 1).state(1)),
      '1 valid records lie beyond the damage, no entry among them; the commit index found beyond is 1',
    )
  })
})
