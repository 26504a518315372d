import { FileSource } from '../io/file-source.ts'
import { fileNameOf, type Source } from '../io/source.ts'
import { canonical, type Uint64 } from '../proto/uint64.ts'

/** A file with the name of a WAL segment, `%016x-%016x.wal`: sequence number, then index. */
export interface SegmentFile {
  /** As it appears in the report. */
  readonly path: string
  readonly bytes: number
  /** Undefined for a file that was given by itself under another name. */
  readonly seq?: Uint64
  /** One more than the last index written before this segment was begun. */
  readonly firstIndex?: Uint64
  /** Where its bytes are, when they are not at the path but were unpacked; whoever opened it closes it. */
  readonly unpacked?: Source
}

/** The segment that a source is, by itself. */
export function segmentOf(source: Source): SegmentFile {
  return {
    path: source.name,
    bytes: source.size,
    ...parseSegmentName(fileNameOf(source)),
    ...(source instanceof FileSource ? {} : { unpacked: source }),
  }
}

/**
 * Opens a segment, to be closed.
 *
 * @throws NodeJS.ErrnoException
 */
export function openSegment({ path, unpacked }: SegmentFile): Source {
  if (unpacked === undefined) return new FileSource(path)
  const { name, size } = unpacked
  return { name, size, read: (at, into) => unpacked.read(at, into), close() {} }
}

/**
 * Reads a segment's name as etcd does, which accepts fewer than 16 digits.
 * Source: parseWALName in server/storage/wal/util.go @ v3.6.14.
 */
export function parseSegmentName(name: string): { seq: Uint64; firstIndex: Uint64 } | undefined {
  const match = /^([0-9a-f]{1,16})-([0-9a-f]{1,16})\.wal$/i.exec(name)
  if (!match) return undefined
  const [, seq, index] = match
  return { seq: canonical(BigInt(`0x${seq}`)), firstIndex: canonical(BigInt(`0x${index}`)) }
}
