import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { Findings } from '../../../src/lib/findings/findings.ts'
import { listWalDirectory } from '../../../src/lib/wal/directory.ts'
import { parseSegmentName } from '../../../src/lib/wal/segment-file.ts'
import { tempDir } from '../../support/temp-dir.ts'
import { segmentName } from '../../support/wal-bytes.ts'

function list(...names: string[]) {
  const path = tempDir()
  for (const name of names) writeFileSync(join(path, name), 'x')
  const findings = new Findings()
  return { findings: findings.list, ...listWalDirectory(path, findings) }
}

describe('listWalDirectory', () => {
  it('puts the segments in the order of the log', () => {
    const names = [segmentName(10, 300), segmentName(9, 200), segmentName(11, 300)]
    const { segments, extraFiles, findings, path } = list(...names)
    assert.deepEqual(segments, [
      { path: join(path, names[1] as string), bytes: 1, seq: 9, firstIndex: 200 },
      { path: join(path, names[0] as string), bytes: 1, seq: 10, firstIndex: 300 },
      { path: join(path, names[2] as string), bytes: 1, seq: 11, firstIndex: 300 },
    ])
    assert.deepEqual([extraFiles, findings], [[], []])
  })

  it('finds a gap in the sequence, the one behind segment 0 too', () => {
    for (const [before, after, expected] of [
      [0, 2, 1],
      [3, 7, 6],
      [9, 11, 10],
    ] as const) {
      const name = segmentName(after, 9)
      const { findings, path } = list(segmentName(before, 0), name, segmentName(after + 1, 9))
      const hex = (seq: number) => seq.toString(16).padStart(16, '0')
      assert.deepEqual(
        findings.map(({ id, severity, path, segment, expected, found }) => ({
          ...{ id, severity, path, segment, expected, found },
        })),
        [
          {
            id: 'WAL_SEQUENCE_GAP',
            severity: 'error',
            path: join(path, name),
            segment: after,
            expected: hex(expected),
            found: hex(before),
          },
        ],
      )
    }
  })

  it('begins with any segment, since the oldest are purged', () => {
    assert.deepEqual(list(segmentName(7, 1000), segmentName(8, 2000)).findings, [])
  })

  it('says which names etcd ignores, and which are not worth a word', () => {
    const { findings, extraFiles, segments } = list(
      segmentName(0, 0),
      '0.tmp',
      `${segmentName(0, 0)}.broken`,
      'copy.wal',
      '0000000000000001.wal',
    )
    assert.equal(segments.length, 1)
    assert.deepEqual(
      extraFiles,
      ['0.tmp', `${segmentName(0, 0)}.broken`, '0000000000000001.wal', 'copy.wal'].sort(),
    )
    assert.deepEqual(
      findings.map(({ id, severity, found }) => [id, severity, found]),
      [
        ['WAL_NAME_IGNORED', 'info', '0000000000000001.wal'],
        ['WAL_NAME_IGNORED', 'info', 'copy.wal'],
      ],
    )
  })

  it('reports a directory without a segment', () => {
    assert.deepEqual(
      list('0.tmp').findings.map(({ id }) => id),
      ['WAL_NO_SEGMENTS'],
    )
  })
})

describe('parseSegmentName', () => {
  it('reads what etcd reads, shorter numbers too', () => {
    assert.deepEqual(parseSegmentName('000000000000000a-00000000000000ff.wal'), {
      seq: 10,
      firstIndex: 255,
    })
    assert.deepEqual(parseSegmentName('1-2.wal'), { seq: 1, firstIndex: 2 })
    assert.deepEqual(parseSegmentName('ffffffffffffffff-0000000000000000.wal')?.seq, 2n ** 64n - 1n)
    for (const name of [
      '',
      '.wal',
      '1.wal',
      '1-2',
      '1-2.wal.broken',
      'g-2.wal',
      '1-2-3.wal',
      `${'0'.repeat(17)}-1.wal`,
    ]) {
      assert.equal(parseSegmentName(name), undefined, name)
    }
  })
})
