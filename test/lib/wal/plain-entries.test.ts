import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { Findings } from '../../../src/lib/findings/findings.ts'
import { MemorySource } from '../../../src/lib/io/source.ts'
import { startOfChain } from '../../../src/lib/wal/chain.ts'
import { FrameReader } from '../../../src/lib/wal/frame-reader.ts'
import { LogSummary } from '../../../src/lib/wal/log-summary.ts'
import { scanSegment } from '../../../src/lib/wal/segment-scan.ts'
import { fixtureSegments } from '../../support/fixtures.ts'

/** Everything a scan of one segment tells, with the quick way for plain entries or without. */
function scan(bytes: Uint8Array, quick: boolean): object {
  const findings = new Findings()
  const summary = new LogSummary(findings)
  const frames = new FrameReader(new MemorySource('x.wal', bytes))
  const position = {
    file: { path: 'x.wal', bytes: bytes.length },
    segment: 0,
    record: 0,
    beyond: false,
  }
  const plain = quick ? summary : undefined
  const result = scanSegment(position, true, frames, startOfChain(), findings, summary.visit, plain)
  summary.counts.addPlain(frames.takePlainCounts())
  const { entries, firstIndex, runs, hardState, snapshots, beyond, gaps, allEntries } = summary
  return {
    ...{
      result,
      findings: findings.list,
      byType: summary.counts.result(),
      records: position.record,
    },
    ...{ entries, allEntries, firstIndex, runs, hardState, snapshots, beyond, gaps },
    overwritten: Array.from({ length: allEntries }, (_, n) => summary.truncations.voids(n, n + 1)),
  }
}

describe('plain entries, passed without a call for each', () => {
  const segments = [
    ...fixtureSegments('3.5.30', 'overwritten', 'data'),
    ...fixtureSegments('3.6.14', 'segments', 'data'),
    ...fixtureSegments('3.7.1', 'cluster', 'm1'),
  ].map(({ bytes }) => bytes)

  it('tell the same as one by one', () => {
    for (const bytes of segments) assert.deepEqual(scan(bytes, true), scan(bytes, false))
  })

  it('are passed at all', () => {
    const bytes = segments[1] as Buffer
    let calls = 0
    const findings = new Findings()
    const summary = new LogSummary(findings)
    const position = {
      file: { path: 'x.wal', bytes: bytes.length },
      segment: 0,
      record: 0,
      beyond: false,
    }
    const frames = new FrameReader(new MemorySource('x.wal', bytes))
    const count = () => {
      calls += 1
    }
    const visit: typeof summary.visit = (reader, at) => {
      count()
      summary.visit(reader, at)
    }
    scanSegment(position, true, frames, startOfChain(), findings, visit, summary)
    assert.ok(calls < position.record - 20, `${calls} calls for ${position.record} records`)
  })

  it('tell the same of damaged segments', () => {
    const damaged = fc.tuple(
      fc.integer({ min: 0, max: segments.length - 1 }),
      fc.nat(),
      fc.integer({ min: 1, max: 255 }),
    )
    fc.assert(
      fc.property(damaged, ([which, where, flip]) => {
        const bytes = Buffer.from(segments[which] as Buffer)
        const at = where % bytes.length
        bytes[at] = (bytes[at] as number) ^ flip
        assert.deepEqual(scan(bytes, true), scan(bytes, false))
      }),
      { numRuns: 400 },
    )
  })
})
