import type { Wal } from '../member/wal.ts'
import { hex16 } from '../proto/uint64.ts'
import type { FrameReader } from '../wal/frame-reader.ts'
import type { LogPosition } from '../wal/log-walk.ts'
import { decodePayload, type Payload } from '../wal/payload.ts'
import { recordName } from '../wal/record.ts'
import { decodeRecordContent } from '../wal/record-content.ts'
import type { Disclosure } from './bytes.ts'
import { entryDetail } from './entry-detail.ts'
import { confStateReport, hardStateReport } from './raft.ts'

/** raftpb.EntryType, as docs/contract.md names them. */
const ENTRY_TYPES = ['normal', 'confChange', 'confChangeV2']

/** What the log as a whole says: the head of `inspect log`'s document. */
export function logReport({ path, log }: Wal): object {
  const { metadata, hardState, runs } = log.summary
  return {
    path,
    metadata: metadata && {
      memberId: hex16(metadata.memberId),
      clusterId: hex16(metadata.clusterId),
    },
    hardState: hardState && hardStateReport(hardState),
    firstIndex: runs.runs[0]?.first,
    lastIndex: runs.last,
  }
}

/** The `entry` line of docs/contract.md, but for the payload. */
export function entryHead(frames: FrameReader, position: LogPosition): object {
  const { type, term, index } = frames.entry
  const { file, committed, overwritten, beyond } = position
  return {
    type: 'entry',
    term,
    index,
    entryType: ENTRY_TYPES[Number(type)] ?? type,
    committed,
    overwritten,
    beyondDamage: beyond || undefined,
    segment: file.seq,
    offset: frames.offset,
    bytes: frames.next - frames.offset,
  }
}

/** The whole `entry` line. */
export function entryReport(
  frames: FrameReader,
  position: LogPosition,
  disclosure: Disclosure,
  payload?: Payload,
): object {
  return { ...entryHead(frames, position), ...payloadReport(frames, disclosure, payload) }
}

/** The members `request`, `requestId` and `detail` of the entry that `frames` read last. */
export function payloadReport(
  frames: FrameReader,
  disclosure: Disclosure,
  payload?: Payload,
): { request: string; requestId?: string; detail: object } {
  if (frames.large) return { request: 'tooLarge', detail: { bytes: frames.recordLength } }
  const { type, dataStart, dataEnd } = frames.entry
  const data = frames.bytes.subarray(dataStart, dataEnd)
  return entryDetail(payload ?? decodePayload(type, data), disclosure)
}

/** The `record` line of docs/contract.md: a record as it stands in the segment. */
export function recordReport(
  frames: FrameReader,
  { file, beyond }: LogPosition,
): { readonly [name: string]: unknown } {
  const content = decodeRecordContent(frames)
  return {
    type: 'record',
    record: recordName(frames.type),
    beyondDamage: beyond || undefined,
    segment: file.seq,
    offset: frames.offset,
    bytes: frames.next - frames.offset,
    crc: frames.crc.toString(16).padStart(8, '0'),
    ...contentReport(content),
  }
}

function contentReport(content: ReturnType<typeof decodeRecordContent>): object {
  switch (content?.record) {
    case 'metadata': {
      const { memberId, clusterId } = content.metadata
      return { metadata: { memberId: hex16(memberId), clusterId: hex16(clusterId) } }
    }
    case 'state':
      return { hardState: hardStateReport(content.hardState) }
    case 'snapshot': {
      const { index, term, confState } = content.snapshot
      return { snapshot: { index, term, confState: confState && confStateReport(confState) } }
    }
    default:
      return {}
  }
}
