/**
 * A second reader and a small writer of WAL segments, for cases that no server can be brought to
 * write. Frames as in server/storage/wal/{encoder,decoder}.go @ v3.6.14; the messages come from the
 * generated code, the checksum from crc-32.
 */
import { crc32c } from '../../src/lib/checksum/crc32c.ts'
import { etcdserverpb, raftpb, walpb } from '../../src/lib/proto/generated/etcd.js'

export const TYPE = { metadata: 1, entry: 2, state: 3, crc: 4, snapshot: 5 } as const

/** One frame of a segment. Offsets are those of the file. */
export interface Frame {
  readonly offset: number
  readonly end: number
  readonly padding: number
  readonly type: number
  readonly crc: number
  readonly data: Uint8Array
}

/** The frames of an undamaged segment up to its zero tail. */
export function framesOf(segment: Uint8Array): Frame[] {
  const view = new DataView(segment.buffer, segment.byteOffset, segment.byteLength)
  const frames: Frame[] = []
  for (let offset = 0; offset + 8 <= segment.length; ) {
    const low = view.getUint32(offset, true)
    if (low === 0) break
    const padding = view.getUint8(offset + 7) & 7
    const end = offset + 8 + low + padding
    const { type, crc, data } = walpb.Record.decode(segment.subarray(offset + 8, offset + 8 + low))
    frames.push({ offset, end, padding, type: Number(type), crc, data })
    offset = end
  }
  return frames
}

/** A frame around a record; padded to 8 bytes unless told otherwise, as etcd 2.0 did not. */
export function frameOf(record: Uint8Array, padded = true): Buffer {
  const padding = padded ? -record.length & 7 : 0
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(record.length))
  if (padding > 0) length.writeUInt8(0x80 | padding, 7)
  return Buffer.concat([length, record, Buffer.alloc(padding)])
}

export function recordOf(type: number, crc: number, data?: Uint8Array): Uint8Array {
  return walpb.Record.encode({ type, crc, ...(data && { data }) }).finish()
}

/** Appends records to a segment and keeps the running checksum, which the next segment goes on with. */
export class SegmentWriter {
  run: number
  private readonly frames: Buffer[] = []
  private readonly padded: boolean

  /** Begins with the crc record that stands at the head of every segment. */
  constructor(run = 0, padded = true) {
    this.run = run
    this.padded = padded
    this.raw(frameOf(recordOf(TYPE.crc, run), padded))
  }

  record(type: number, data: Uint8Array = new Uint8Array()): this {
    this.run = crc32c(data, this.run)
    return this.raw(frameOf(recordOf(type, this.run, data), this.padded))
  }

  metadata(memberId = 1, clusterId = 2): this {
    const message = etcdserverpb.Metadata.encode({ NodeID: memberId, ClusterID: clusterId })
    return this.record(TYPE.metadata, message.finish())
  }

  entry(index: number, data?: Uint8Array, type = 0, term = 2): this {
    const entry = { Type: type, Term: term, Index: index, ...(data && { Data: data }) }
    return this.record(TYPE.entry, raftpb.Entry.encode(entry).finish())
  }

  entries(first: number, last: number): this {
    for (let index = first; index <= last; index++) this.entry(index)
    return this
  }

  state(commit: number, term = 2, vote = 1): this {
    return this.record(TYPE.state, raftpb.HardState.encode({ term, vote, commit }).finish())
  }

  snapshot(index: number, term = 2, conf_state?: raftpb.ConfState.$Properties): this {
    const snapshot = { index, term, ...(conf_state && { conf_state }) }
    return this.record(TYPE.snapshot, walpb.Snapshot.encode(snapshot).finish())
  }

  raw(bytes: Uint8Array): this {
    this.frames.push(Buffer.from(bytes))
    return this
  }

  get length(): number {
    return this.frames.reduce((sum, { length }) => sum + length, 0)
  }

  /** @param tail zero bytes behind the last record, as preallocation leaves them */
  bytes(tail = 0): Buffer {
    return Buffer.concat([...this.frames, Buffer.alloc(tail)])
  }
}

export function segmentName(seq: number, index: number): string {
  const hex = (value: number): string => value.toString(16).padStart(16, '0')
  return `${hex(seq)}-${hex(index)}.wal`
}
