import type { Place } from '../findings/finding.ts'
import type { Findings } from '../findings/findings.ts'
import { Cursor } from '../proto/cursor.ts'
import { plusOne, type Uint64 } from '../proto/uint64.ts'
import { EntryCounts } from './entry-counts.ts'
import type { FrameReader } from './frame-reader.ts'
import { type HardState, readHardState } from './hard-state.ts'
import { IndexRuns } from './index-runs.ts'
import { MembershipLog } from './membership.ts'
import { RaftInvariants } from './raft-invariants.ts'
import { RECORD, type RecordName, recordName } from './record.ts'
import type { PlainVisitor, ScanPosition } from './segment-scan.ts'
import { Truncations } from './truncations.ts'
import { decodeWalMetadata, type WalMetadata } from './wal-metadata.ts'
import { decodeWalSnapshot, type WalSnapshot } from './wal-snapshot.ts'

/** The newest snapshot records that are kept, and their bytes; a log of etcd's holds a handful. */
const MOST_SNAPSHOTS = 10_000
const MOST_SNAPSHOT_BYTES = 256 * 1024

/** How much of foreign metadata is shown; etcd's has some 20 bytes. */
const SHOWN_BYTES = 64

/** Indexes above take the way of big integers. */
const LARGEST_PLAIN = 2 ** 52

/** A jump of the index that no snapshot record explains. */
export interface IndexGap {
  readonly place: Place
  readonly expected: Uint64
  readonly found: Uint64
}

/** What lies behind a damaged place, where etcd never gets. */
class BeyondDamage {
  records = 0
  entries = 0
  firstIndex: Uint64 | undefined
  lastIndex: Uint64 | undefined
  hardState: HardState | undefined
}

/** Gathers from the records of a log what etcd would know after reading it. */
export class LogSummary implements PlainVisitor {
  metadata: WalMetadata | undefined
  hardState: HardState | undefined
  readonly snapshots: WalSnapshot[] = []
  readonly runs = new IndexRuns()
  readonly counts = new EntryCounts()
  readonly membership = new MembershipLog()
  readonly truncations = new Truncations()
  readonly gaps: IndexGap[] = []
  readonly beyond = new BeyondDamage()
  /** Entries before any damage, and in all. */
  entries = 0
  allEntries = 0
  firstIndex: Uint64 | undefined
  private readonly findings: Findings
  private readonly cursor = new Cursor()
  private metadataBytes: Uint8Array | undefined
  private readonly snapshotBytes: number[] = []
  private keptSnapshotBytes = 0
  /** The indexes at which a log goes on behind the snapshots that are kept. */
  private readonly resumable = new Set<Uint64>()
  private readonly invariants = new RaftInvariants()

  constructor(findings: Findings) {
    this.findings = findings
  }

  readonly visit = (frames: FrameReader, position: ScanPosition): void => {
    if (position.beyond) this.beyond.records += 1
    switch (frames.type) {
      case RECORD.entry:
        this.addEntry(frames, position)
        break
      case RECORD.state:
        this.addState(frames, position)
        break
      case RECORD.metadata:
        this.addMetadata(frames, position)
        break
      case RECORD.snapshot:
        this.addSnapshot(frames, position)
        break
    }
  }

  /** What only continues the log needs no call for each record: see segment-scan.ts. */
  get nextIndex(): number | undefined {
    const { lastIndex, lastTerm } = this.invariants
    const isSmall = typeof lastIndex === 'number' && lastIndex < LARGEST_PLAIN
    return isSmall && typeof lastTerm === 'number' && lastIndex === this.runs.last
      ? lastIndex + 1
      : undefined
  }

  get term(): number {
    return Number(this.invariants.lastTerm)
  }

  get fields(): number {
    return this.counts.plainFields
  }

  passed(entries: number, frames: FrameReader): void {
    if (frames.plainStates > 0) this.hardState = this.readState(frames)
    if (entries === 0) return
    this.entries += entries
    this.allEntries += entries
    this.runs.extend(entries)
    const last = this.runs.last as Uint64
    this.truncations.extend(last)
    this.invariants.lastIndex = last
  }

  private addEntry(frames: FrameReader, position: ScanPosition): void {
    if (!frames.readEntry()) {
      this.undecodable(frames, position)
      return
    }
    const { index } = frames.entry
    this.truncations.add(this.allEntries, index)
    this.allEntries += 1
    if (position.beyond) {
      this.addBeyond(index)
      return
    }
    this.entries += 1
    this.firstIndex ??= index
    const commit = this.hardState?.commit ?? 0
    const violation = this.invariants.check(frames.entry, commit)
    if (violation) {
      this.findings.report(violation.id, entryPlace(frames, position), violation.details)
    }
    const before = this.runs.last
    const payload = this.counts.add(frames)
    const { dataStart, dataEnd } = frames.entry
    if (payload) this.membership.add(index, payload, dataEnd - dataStart)
    else if (before !== undefined && index <= before) this.membership.voidFrom(index)
    if (!this.runs.add(index)) this.addGap(frames, position, plusOne(before ?? 0), index)
  }

  private addBeyond(index: Uint64): void {
    const { beyond } = this
    beyond.entries += 1
    if (beyond.firstIndex === undefined || index < beyond.firstIndex) beyond.firstIndex = index
    if (beyond.lastIndex === undefined || index > beyond.lastIndex) beyond.lastIndex = index
  }

  /** A follower that was sent the leader's snapshot goes on behind it: such a jump is regular. */
  private addGap(
    frames: FrameReader,
    position: ScanPosition,
    expected: Uint64,
    found: Uint64,
  ): void {
    if (this.gaps.length >= MOST_SNAPSHOTS || this.resumable.has(found)) return
    this.gaps.push({ place: entryPlace(frames, position), expected, found })
  }

  private addState(frames: FrameReader, position: ScanPosition): void {
    const hardState = this.readState(frames)
    if (hardState === undefined) this.undecodable(frames, position)
    else if (position.beyond) this.beyond.hardState = hardState
    else this.hardState = hardState
  }

  private readState({ bytes, dataStart, dataEnd }: FrameReader): HardState | undefined {
    this.cursor.reset(bytes, dataStart, dataEnd)
    return readHardState(this.cursor)
  }

  /** Segments repeat the metadata; only an absent one may differ. */
  private addMetadata(frames: FrameReader, position: ScanPosition): void {
    const data = frames.bytes.subarray(frames.dataStart, frames.dataEnd)
    if (data.length === 0) return
    if (this.metadataBytes === undefined) {
      this.metadataBytes = Uint8Array.from(data)
      this.metadata = decodeWalMetadata(data)
      if (this.metadata === undefined) this.undecodable(frames, position)
      return
    }
    if (Buffer.compare(this.metadataBytes, data) === 0) return
    this.findings.report('WAL_METADATA_CONFLICT', placeOf(frames, position), {
      message: 'this segment names another member or cluster than the ones before it',
      expected: hexOf(this.metadataBytes),
      found: hexOf(data),
    })
  }

  private addSnapshot(frames: FrameReader, position: ScanPosition): void {
    const snapshot = decodeWalSnapshot(frames.bytes.slice(frames.dataStart, frames.dataEnd))
    if (snapshot === undefined) {
      this.undecodable(frames, position)
      return
    }
    if (position.beyond) return
    this.snapshots.push(snapshot)
    this.resumable.add(plusOne(snapshot.index))
    this.snapshotBytes.push(frames.dataEnd - frames.dataStart)
    this.keptSnapshotBytes += frames.dataEnd - frames.dataStart
    while (this.snapshots.length > MOST_SNAPSHOTS || this.keptSnapshotBytes > MOST_SNAPSHOT_BYTES) {
      this.forgetSnapshot()
    }
  }

  private forgetSnapshot(): void {
    const snapshot = this.snapshots.shift() as WalSnapshot
    this.resumable.delete(plusOne(snapshot.index))
    this.keptSnapshotBytes -= this.snapshotBytes.shift() as number
  }

  private undecodable(frames: FrameReader, position: ScanPosition): void {
    const message = MESSAGES[recordName(frames.type) as RecordName]
    this.findings.report('WAL_PAYLOAD_UNDECODABLE', placeOf(frames, position), {
      message: `the record at offset ${frames.offset} holds no ${message}`,
      expected: message,
      found: `${frames.dataEnd - frames.dataStart} bytes that do not decode`,
    })
  }
}

const MESSAGES: Record<RecordName, string> = {
  metadata: 'etcdserverpb.Metadata',
  entry: 'raftpb.Entry',
  state: 'raftpb.HardState',
  crc: 'data',
  snapshot: 'walpb.Snapshot',
}

function hexOf(bytes: Uint8Array): string {
  const hex = Buffer.from(bytes.subarray(0, SHOWN_BYTES)).toString('hex')
  return bytes.length > SHOWN_BYTES ? `${hex}… (${bytes.length} bytes)` : hex
}

function entryPlace(frames: FrameReader, position: ScanPosition): Place {
  const { index, term } = frames.entry
  return { ...placeOf(frames, position), index, term }
}

function placeOf(frames: FrameReader, { file, record }: ScanPosition): Place {
  const segment = file.seq === undefined ? {} : { segment: file.seq }
  const bytes = frames.next - frames.offset
  return { path: file.path, offset: frames.offset, bytes, record, ...segment }
}
