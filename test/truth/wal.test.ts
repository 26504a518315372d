/** Every WAL of every fixture, record by record, against what etcd's own etcd-dump-logs reads in it. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { FileSource } from '../../src/lib/io/file-source.ts'
import { FrameReader } from '../../src/lib/wal/frame-reader.ts'
import { RECORD, recordName } from '../../src/lib/wal/record.ts'
import { dataDirs, type Report, reportOf } from './artefacts.ts'

for (const { name, path, wal, truth, scenario } of dataDirs()) {
  describe(name, async () => {
    const directory = join(path, 'member/wal')
    const { report, findings } = await reportOf(directory)
    const inDataDir = (await reportOf(path)).report.wal

    it('is read without a finding', () => {
      assert.deepEqual(findings.list, [])
    })

    it('is of this member', () => {
      const { memberId, clusterId } = wal
      assert.deepEqual(report.metadata, { memberId, clusterId })
    })

    it('has this HardState and these snapshot records', () => {
      const { term, vote, commit } = wal.hardState
      assert.deepEqual(report.hardState, { term: Number(term), vote, commit: Number(commit) })
      assert.deepEqual(
        report.snapshots?.map(({ index, term }) => `${index} ${term}`),
        wal.snapshots,
      )
    })

    it('has so many records, in segments that follow one another', () => {
      const segments = report.segments ?? []
      const all = Object.values(wal.records).reduce((sum, count) => sum + count, 0)
      assert.equal(
        segments.reduce((sum, { records }) => sum + records, 0),
        all,
      )
      assert.equal(
        segments.reduce((sum, { entries }) => sum + entries, 0),
        wal.records.entry,
      )
      // Every segment begins with a crc record.
      assert.equal(segments.length, wal.records.crc)
      assert.ok(scenario === 'segments' ? segments.length > 2 : segments.length === 1)
      for (const [position, { seq, tail, path, lastValidOffset, bytes }] of segments.entries()) {
        assert.equal(seq, Number(segments[0]?.seq) + position)
        // Only the last one has been preallocated; the others were cut to length.
        const isLast: boolean = position === segments.length - 1
        assert.equal(tail, isLast ? 'zeros' : 'clean', path)
        assert.ok(isLast ? lastValidOffset < bytes : lastValidOffset === bytes)
      }
    })

    it('has these entries, byte for byte', () => {
      const entries = entriesOf(directory)
      assert.equal(entries.length, wal.entries.length)
      for (const [position, expected] of wal.entries.entries()) {
        // The recorded hash may be cut short.
        assert.ok(
          entries[position]?.startsWith(expected),
          `${entries[position]} is not ${expected}`,
        )
      }
    })

    it('counts them, and tells which are in effect', () => {
      const indexes = wal.entries.map((line) => Number(line.split(' ')[0]))
      const { entries } = report
      assert.equal(entries?.count, indexes.length)
      assert.equal(entries?.firstIndex, indexes[0])
      assert.equal(entries?.lastIndex, indexes.at(-1))
      assert.equal(entries?.overwritten, overwritten(indexes))
      // Those that the lonely leader could not commit, and the entry its term began with, if any.
      const lost = truth.lost?.length ?? 0
      assert.ok(lost === 0 ? entries?.overwritten === 0 : Number(entries?.overwritten) >= lost)
      const counted = Object.values(entries?.byType ?? {}).reduce((sum, count) => sum + count, 0)
      assert.equal(counted, indexes.length)
      const changes = wal.entries.filter((line) => line.split(' ')[2] === 'confChange')
      assert.equal(entries?.byType.confChange ?? 0, changes.length)
    })

    it('has no gap but the one that a snapshot of the leader explains', () => {
      const indexes = wal.entries.map((line) => Number(line.split(' ')[0]))
      const jumps = indexes.filter((index, at) => at > 0 && index > Number(indexes[at - 1]) + 1)
      assert.equal(jumps.length, name.endsWith('install-snapshot/installed') ? 1 : 0)
    })

    it('tells by itself who belongs to the cluster, where it can', async () => {
      // Up to 3.4 snapshot records name nobody, and what a gap hides is in the .snap only.
      const [major, minor] = truth.etcd.split('.').map(Number)
      const gap = name.endsWith('install-snapshot/installed') && major === 3 && Number(minor) < 5
      const whole = (await reportOf(path)).report
      assert.deepEqual(report.confState, gap ? undefined : whole.confState)
      assert.deepEqual(report.removedMembers, gap ? undefined : whole.removedMembers)
      const ids = report.members?.map(({ id }) => id)
      assert.deepEqual(ids, gap ? undefined : whole.members?.map(({ id }) => id))
      // Names and URLs too, as long as the log still tells of them.
      if (scenario === 'cluster') assert.deepEqual(report.members, whole.members)
    })

    it('is read alike by itself and in its data dir', () => {
      const facts = ({ metadata, hardState, snapshots, entries, segments }: Partial<Report>) => ({
        metadata,
        hardState,
        snapshots,
        entries,
        segments,
      })
      assert.deepEqual(facts(report), facts(inDataDir ?? {}))
    })
  })
}

/** `index term type bytes sha256` of every entry, in the order of the log. */
function entriesOf(directory: string): string[] {
  const entries: string[] = []
  for (const name of readdirSync(directory).sort()) {
    if (!name.endsWith('.wal')) continue
    const source = new FileSource(join(directory, name))
    const frames = new FrameReader(source)
    while (frames.read() === 'record') {
      assert.ok(recordName(frames.type))
      if (frames.type !== RECORD.entry) continue
      assert.ok(frames.readEntry())
      const { index, term, type, dataStart, dataEnd } = frames.entry
      const data = frames.bytes.subarray(dataStart, dataEnd)
      const sha256 = createHash('sha256').update(data).digest('hex')
      const kind = type === 0 ? 'normal' : 'confChange'
      entries.push(`${index} ${term} ${kind} ${data.length} ${sha256}`)
    }
    source.close()
  }
  return entries
}

/** How many indexes a later entry took back: it voids its own index and all above. */
function overwritten(indexes: readonly number[]): number {
  let inEffect: number[] = []
  for (const index of indexes) inEffect = [...inEffect.filter((each) => each < index), index]
  return indexes.length - inEffect.length
}
