/**
 * A second, deliberately simple reader of WAL frames and records, written from etcd's own sources
 * and sharing no code with src/lib: what it refuses, the library has to report.
 * Sources: decoder.go, record.go and ReadAll in wal.go, all in server/storage/wal @ v3.6.14.
 */

/** Where the parts of a frame lie in its segment; `dataAt` is its end when there is no data. */
export interface Frame {
  readonly at: number
  readonly end: number
  readonly type: number
  readonly crc: number
  /** Offset behind the varint of the type, and behind that of the crc. */
  readonly typeEnd: number
  readonly crcEnd: number
  readonly dataAt: number
  readonly dataEnd: number
}

/** How etcd's reading ends: at the end of the log, in a torn record that it mends, or refusing. */
export type Ending = 'end' | 'torn' | 'refused'

export interface Reading {
  readonly ending: Ending
  /** The frames before the ending, by segment. */
  readonly segments: readonly (readonly Frame[])[]
}

/** Reads a log as a server of 3.5.7 or later does at start, as far as frames and checksums go. */
export function readAsEtcd(segments: readonly Buffer[]): Reading {
  const read: Frame[][] = []
  let run = 0
  for (const [position, segment] of segments.entries()) {
    const frames: Frame[] = []
    read.push(frames)
    const isLast = position === segments.length - 1
    for (let at = 0; at < segment.length; ) {
      if (at + 8 > segment.length) return { ending: isLast ? 'torn' : 'refused', segments: read }
      const word = segment.readBigUInt64LE(at)
      if (word === 0n) break
      const length = Number(word & 0x00ff_ffff_ffff_ffffn)
      const padding = word >> 63n ? Number((word >> 56n) & 7n) : 0
      const end = at + 8 + length + padding
      if (end > segment.length) return { ending: isLast ? 'torn' : 'refused', segments: read }
      const frame = frameOf(segment, at, at + 8 + length, end)
      const next = frame && nextRun(run, frame, segment)
      if (frame === undefined || next === undefined) {
        const torn = isLast && frame?.type !== 4 && hasZeroSector(segment, at + 8, end)
        return { ending: torn ? 'torn' : 'refused', segments: read }
      }
      if (frame.type < 1 || frame.type > 5) return { ending: 'refused', segments: read }
      run = next
      frames.push(frame)
      at = end
    }
  }
  return { ending: 'end', segments: read }
}

/** walpb.Record {type = 1, crc = 2, data = 3}; undefined when gogo's code would refuse it. */
function frameOf(bytes: Buffer, at: number, recordEnd: number, end: number): Frame | undefined {
  let type = 0
  let crc = 0
  let typeEnd = at + 8
  let crcEnd = at + 8
  let dataAt = recordEnd
  let dataEnd = recordEnd
  for (let position = at + 8; position < recordEnd; ) {
    const tag = varint(bytes, position, recordEnd)
    if (tag === undefined) return undefined
    const [field, wire] = [Number((tag.value & 0xffff_ffffn) >> 3n), Number(tag.value & 7n)]
    if (field === 0) return undefined
    if (field <= 3 && wire !== (field === 3 ? 2 : 0)) return undefined
    position = tag.end
    if (wire === 0 || wire === 2) {
      const number = varint(bytes, position, recordEnd)
      if (number === undefined) return undefined
      position = number.end
      if (field === 1) [type, typeEnd] = [Number(BigInt.asIntN(64, number.value)), position]
      if (field === 2) [crc, crcEnd] = [Number(number.value & 0xffff_ffffn), position]
      if (wire === 2) {
        if (number.value > BigInt(recordEnd - position)) return undefined
        const start = position
        position += Number(number.value)
        if (field === 3) [dataAt, dataEnd] = [start, position]
      }
    } else if (wire === 1) position += 8
    else if (wire === 5) position += 4
    else return undefined
    if (position > recordEnd) return undefined
  }
  return { at, end, type, crc, typeEnd, crcEnd, dataAt, dataEnd }
}

function varint(
  bytes: Buffer,
  at: number,
  end: number,
): { value: bigint; end: number } | undefined {
  let value = 0n
  for (let i = 0; i < 10 && at + i < end; i++) {
    const byte = bytes[at + i] as number
    value |= BigInt(byte & 0x7f) << BigInt(7 * i)
    if (byte < 0x80) return { value: BigInt.asUintN(64, value), end: at + i + 1 }
  }
  return undefined
}

/** The running checksum behind a record; undefined when the record does not fit it. */
function nextRun(run: number, frame: Frame, bytes: Buffer): number | undefined {
  if (frame.type === 4) return run === 0 || run === frame.crc ? frame.crc : undefined
  const crc = crc32c(run, bytes.subarray(frame.dataAt, frame.dataEnd))
  return crc === frame.crc ? crc : undefined
}

/** isTornEntry: one of the pieces, cut at multiples of 512, is all zero. */
function hasZeroSector(bytes: Buffer, from: number, to: number): boolean {
  for (let at = from; at < to; ) {
    const end = Math.min(to, at + 512 - (at % 512))
    if (bytes.subarray(at, end).every((byte) => byte === 0)) return true
    at = end
  }
  return false
}

const TABLE = Int32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte
  for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0x82f6_3b78 : 0)
  return crc
})

/** CRC-32C that continues `seed`, a finished one: Go's crc32.Update. */
export function crc32c(seed: number, bytes: Uint8Array): number {
  let crc = ~seed
  for (const byte of bytes) crc = (crc >>> 8) ^ (TABLE[(crc ^ byte) & 0xff] as number)
  return ~crc >>> 0
}
