import type { Member } from '../proto/member.ts'
import { larger, smaller, type Uint64 } from '../proto/uint64.ts'
import type { SnapFile } from '../snap/snap-file.ts'
import type { Cluster } from '../store/cluster.ts'
import type { Meta } from '../store/meta.ts'
import type { MembershipLog } from '../wal/membership.ts'
import type { ArtefactType } from './artefact.ts'
import { baseOf } from './data-dir.ts'
import { type SourceView, Standings } from './member-source.ts'
import { type MembershipBase, membershipBase, type Wal } from './wal.ts'

/** What a db says of its cluster, in its small buckets. */
export interface DbMembership extends Meta, Cluster {
  readonly path: string
  readonly members: readonly Member[]
  readonly removedMembers: readonly Uint64[]
}

/** The files of a member that tell who belongs to its cluster, those there are. */
export interface MemberFiles {
  readonly path: string
  readonly type: ArtefactType
  /** The one that etcd up to 3.6 would load. */
  readonly snap?: SnapFile
  readonly wal?: Wal
  readonly db?: DbMembership
}

/** The membership as the WAL has it, from the index of a snapshot to the end of what can be read. */
export class Replay {
  readonly base: MembershipBase
  /** The last index that is known to be committed, and can be read. */
  readonly end: Uint64
  private readonly log: MembershipLog
  private readonly known = new Map<Uint64, Standings>()
  private readonly changed = new Map<Uint64, ReadonlyMap<Uint64, Uint64>>()

  constructor(log: MembershipLog, base: MembershipBase, end: Uint64) {
    this.log = log
    this.base = base
    this.end = end
  }

  /** The membership as of an index; undefined when the log does not reach there. */
  at(index: Uint64): Standings | undefined {
    const { base, end, known, log } = this
    if (index < base.index || index > end) return undefined
    const standings = known.get(index) ?? new Standings(log.replay(base, base.index, index))
    known.set(index, standings)
    return standings
  }

  /** The index of the last entry behind an index that changes a member; undefined when none does. */
  changeBehind(index: Uint64, id: Uint64): Uint64 | undefined {
    const changed = this.changed.get(index) ?? this.log.changedBehind(index)
    this.changed.set(index, changed)
    return changed.get(id)
  }

  get clusterVersion(): string | undefined {
    return this.log.replay(this.base, this.base.index, this.end).clusterVersion
  }
}

/**
 * The replay that etcd up to 3.5 makes at start: from the `.snap`, or from the newest committed
 * snapshot record when there is none. What the db has applied was committed, too: the HardState on
 * disk may lag behind. Undefined when the log does not tell from where on.
 */
export function replayOf({ snap, wal, db }: MemberFiles): Replay | undefined {
  if (wal === undefined) return undefined
  const { hardState, runs, membership } = wal.log.summary
  const commit = larger(hardState?.commit ?? 0, db?.consistentIndex ?? 0)
  const base = baseOf(snap) ?? membershipBase(wal.log, commit)
  if (base === undefined) return undefined
  const last = runs.last ?? base.index
  return new Replay(membership, base, larger(base.index, smaller(commit, last)))
}

/** What each file says, in the order of MEMBER_SOURCES. */
export function sourceViews(files: MemberFiles, replay: Replay | undefined): SourceView[] {
  return [...snapViews(files), ...walViews(files, replay), ...dbViews(files)]
}

function snapViews({ snap }: MemberFiles): SourceView[] {
  if (snap?.index === undefined) return []
  const { path, index, confState, store } = snap
  const views: SourceView[] = []
  if (confState) {
    views.push({ source: 'snap', path, index, standings: new Standings({ confState }) })
  }
  if (store) views.push({ source: 'v2store', path, index, standings: new Standings(store) })
  return views
}

function walViews({ wal }: MemberFiles, replay: Replay | undefined): SourceView[] {
  if (wal === undefined) return []
  const { path, log } = wal
  const commit = log.summary.hardState?.commit ?? 0
  const { index = 0, confState } =
    log.summary.snapshots.findLast((record) => record.index <= commit) ?? {}
  const views: SourceView[] = []
  if (confState && index !== 0) {
    views.push({ source: 'walSnapshot', path, index, standings: new Standings({ confState }) })
  }
  const standings = replay?.at(replay.end)
  if (replay && standings) views.push({ source: 'walReplay', path, index: replay.end, standings })
  return views
}

function dbViews({ db }: MemberFiles): SourceView[] {
  if (db === undefined) return []
  const { path, consistentIndex, confState, members, removedMembers } = db
  const index = consistentIndex === undefined ? {} : { index: consistentIndex }
  const standings = new Standings({ members, removedMembers })
  const views: SourceView[] = [{ source: 'dbMembers', path, ...index, standings }]
  if (confState) {
    views.push({ source: 'dbConfState', path, standings: new Standings({ confState }) })
  }
  return views
}
