import { readdirSync, statSync } from 'node:fs'
import type { Findings } from '../findings/findings.ts'
import { below } from '../io/paths.ts'
import { difference, type Uint64 } from '../proto/uint64.ts'
import { parseSegmentName, type SegmentFile } from './segment-file.ts'

/** What a WAL directory holds. */
export interface WalDirectory {
  readonly path: string
  /** In the order of the log. */
  readonly segments: readonly SegmentFile[]
  /** Names that are no segments: preallocated `0.tmp`, `.broken` copies, anything else. */
  readonly extraFiles: readonly string[]
}

/**
 * Lists a WAL directory as etcd does: by name, whatever the files hold.
 * Source: checkWalNames and isValidSeq in server/storage/wal/util.go @ v3.6.14.
 *
 * @throws NodeJS.ErrnoException when the directory cannot be read
 */
export function listWalDirectory(path: string, findings: Findings): WalDirectory {
  const segments: SegmentFile[] = []
  const extraFiles: string[] = []
  for (const name of readdirSync(path).sort()) {
    const parsed = parseSegmentName(name)
    if (parsed === undefined) extraFiles.push(name)
    else segments.push({ path: below(path, name), bytes: sizeOf(below(path, name)), ...parsed })
  }
  for (const name of extraFiles.filter((extra) => extra.endsWith('.wal'))) {
    findings.report(
      'WAL_NAME_IGNORED',
      { path: below(path, name) },
      {
        message: `etcd ignores ${name}: it is not the name of a segment`,
        expected: '<16 hex digits>-<16 hex digits>.wal',
        found: name,
      },
    )
  }
  if (segments.length === 0) {
    findings.report('WAL_NO_SEGMENTS', { path }, { message: 'the directory holds no WAL segment' })
  }
  checkSequence(segments, findings)
  return { path, segments, extraFiles }
}

/** A link that leads nowhere is noticed when it is opened. */
function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0
}

function checkSequence(segments: readonly SegmentFile[], findings: Findings): void {
  for (const [position, { path, seq }] of segments.entries()) {
    const before = segments[position - 1]?.seq
    if (seq === undefined || before === undefined || difference(seq, before) === 1) continue
    findings.report(
      'WAL_SEQUENCE_GAP',
      { path, segment: seq },
      {
        message: `the segment before this one has the sequence number ${before}`,
        expected: hexDigits(difference(seq, 1)),
        found: hexDigits(before),
      },
    )
  }
}

function hexDigits(value: Uint64): string {
  return value.toString(16).padStart(16, '0')
}
