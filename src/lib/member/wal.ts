import type { Findings } from '../findings/findings.ts'
import type { ConfState } from '../proto/conf-state.ts'
import { larger, type Uint64 } from '../proto/uint64.ts'
import { listWalDirectory } from '../wal/directory.ts'
import { type LogScan, scanLog } from '../wal/log-scan.ts'
import type { Membership, RaftMembership } from '../wal/membership.ts'
import type { SegmentFile } from '../wal/segment-file.ts'

/** A log with the directory, or the one segment, that it was read from. */
export interface Wal {
  readonly path: string
  readonly bytes: number
  readonly log: LogScan
  /** Names in the directory that are no segments. */
  readonly extraFiles: readonly string[]
  /** Gives back the temporary file that the segment was unpacked into, when it was. */
  readonly close?: () => void
}

/** A snapshot of who belongs to the cluster, from which a log goes on. */
export interface MembershipBase extends Partial<Membership> {
  readonly index: Uint64
  readonly confState?: ConfState
}

/**
 * Reads all segments of a WAL directory.
 *
 * @throws NodeJS.ErrnoException when the directory or a segment cannot be read
 */
export function readWalDirectory(path: string, findings: Findings): Wal {
  const { segments, extraFiles } = listWalDirectory(path, findings)
  return { path, extraFiles, ...readSegments(segments, findings) }
}

/** Reads one segment by itself, as a log that begins and ends with it. */
export function readWalSegment(segment: SegmentFile, findings: Findings): Wal {
  return { path: segment.path, extraFiles: [], ...readSegments([segment], findings) }
}

function readSegments(
  segments: readonly SegmentFile[],
  findings: Findings,
): Pick<Wal, 'bytes' | 'log'> {
  const bytes = segments.reduce((sum, segment) => sum + segment.bytes, 0)
  return { bytes, log: scanLog(segments, findings) }
}

/** The highest index in the log: an entry's, or that of a snapshot saved behind it. */
export function lastIndex({ log }: Wal): Uint64 | undefined {
  const last = log.summary.runs.last
  const newest = log.summary.snapshots.at(-1)?.index
  if (last === undefined || newest === undefined) return last ?? newest
  return larger(last, newest)
}

/** The membership that the log's committed entries lead to; undefined when they do not tell. */
export function committedMembership(
  { log }: Wal,
  base?: MembershipBase,
): RaftMembership | undefined {
  const { summary } = log
  const commit = summary.hardState?.commit ?? 0
  const start = base ?? membershipBase(log, commit)
  if (start === undefined) return undefined
  const membership = summary.membership.replay(start, start.index, larger(commit, start.index))
  return membership.members.length === 0 ? undefined : membership
}

/**
 * The newest committed snapshot record that names the voters, with what the log says of them; else
 * the log's very beginning, when it has no gap in which members may have come and gone.
 */
export function membershipBase({ summary }: LogScan, commit: Uint64): MembershipBase | undefined {
  const { snapshots, runs, firstIndex } = summary
  const snapshot = snapshots.findLast(
    ({ index, confState }) => confState !== undefined && index <= commit,
  )
  if (snapshot?.confState === undefined) {
    return firstIndex === 1 && runs.runs.length === 1 ? { index: 0 } : undefined
  }
  const { index, confState } = snapshot
  const before = summary.membership.replay({}, 0, index)
  const { members } = summary.membership.replay({ confState }, index, index)
  const known = new Map(before.members.map((member) => [member.id, member]))
  const gone = before.members.filter(({ id }) => !members.some((each) => each.id === id))
  return {
    ...before,
    index,
    confState,
    members: members.map((member) => ({
      ...member,
      ...known.get(member.id),
      isLearner: member.isLearner,
    })),
    removedMembers: [...before.removedMembers, ...gone.map(({ id }) => id)],
  }
}
