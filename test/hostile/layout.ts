/**
 * What every byte of an intact artefact is for, and whether a checksum covers it.
 *
 * Covered, so that a change must be found:
 * - WAL: the data of a record (CRC-32C, chained), and with it the crc field of every record.
 * - .snap: the data (CRC-32C over field 2), and with it the crc field.
 * - bbolt: bytes 16 to 71 of a meta page (FNV-1a), and the checksum behind them.
 * - A backup: all of it (SHA-256), and the hash at its end.
 *
 * Not covered by anything: a record's length, type and tags, padding, what lies behind the log; the
 * tags and the length of a .snap; of a member's db a meta page's header and all of a page behind
 * byte 80: db-layout.ts has more of that. Many of these changes are found all the same, since the bytes behind no longer fit; the tests count them.
 */
import { readAsEtcd } from './etcd-reader.ts'

export type ByteClass =
  | 'wal frame length'
  | 'wal record type'
  | 'wal record crc'
  | 'wal head crc'
  | 'wal data tag and length'
  | 'wal data'
  | 'wal padding'
  | 'wal zero tail'
  | 'snap crc'
  | 'snap tags and length'
  | 'snap data'
  | 'db page header'
  | 'db meta'
  | 'backup'
  | 'db page rest'

/** The classes whose bytes a checksum protects. */
export const COVERED: ReadonlySet<ByteClass> = new Set([
  'wal record crc',
  'wal data',
  'snap crc',
  'snap data',
  'db meta',
  'backup',
])

/**
 * The classes of which a change can leave no trace at all:
 *
 * - bits 59 to 62 of a frame's length, and 56 to 58 when the top bit is not set: nobody looks at them;
 * - the type of a record, where what it turns into is sound: mostly the initial snapshot record, or an
 *   entry that becomes a state or the reverse where the indexes around it do not tell;
 * - of a db whatever is not a meta.
 */
export const UNPROTECTED: ReadonlySet<string> = new Set<ByteClass>([
  'wal frame length',
  'wal record type',
  'db page header',
  'db page rest',
])

/** The class of each byte of a file, by its extension. */
export function layoutOf(path: string, bytes: Buffer): ByteClass[] {
  if (path.endsWith('.wal')) return walLayout(bytes)
  return path.endsWith('.snap') ? snapLayout(bytes) : boltLayout(bytes)
}

function walLayout(bytes: Buffer): ByteClass[] {
  const classes = new Array<ByteClass>(bytes.length).fill('wal zero tail')
  for (const frame of readAsEtcd([bytes]).segments[0] ?? []) {
    const { at, end, typeEnd, crcEnd, dataAt, dataEnd } = frame
    classes.fill('wal frame length', at, at + 8)
    classes.fill('wal record type', at + 8, typeEnd)
    // The tag counts with its value; nothing comes before the head of the first segment to compare.
    classes.fill(frame.type === 4 ? 'wal head crc' : 'wal record crc', typeEnd, crcEnd)
    classes.fill('wal data tag and length', crcEnd, dataAt)
    classes.fill('wal data', dataAt, dataEnd)
    classes.fill('wal padding', dataEnd, end)
  }
  return classes
}

/** 08 <crc> 12 <length> <data>. */
function snapLayout(bytes: Buffer): ByteClass[] {
  const crcEnd = endOfVarint(bytes, 1)
  const dataAt = endOfVarint(bytes, crcEnd + 1)
  const classes = new Array<ByteClass>(bytes.length).fill('snap data')
  classes.fill('snap crc', 1, crcEnd)
  classes.fill('snap tags and length', 0, 1)
  return classes.fill('snap tags and length', crcEnd, dataAt)
}

function endOfVarint(bytes: Buffer, from: number): number {
  let at = from
  while ((bytes[at] as number) >= 0x80) at += 1
  return at + 1
}

function boltLayout(bytes: Buffer): ByteClass[] {
  const isBackup = bytes.length % 512 !== 0
  const classes = new Array<ByteClass>(bytes.length).fill(isBackup ? 'backup' : 'db page rest')
  if (isBackup) return classes
  for (const page of [0, bytes.readUInt32LE(24)]) {
    classes.fill('db page header', page, page + 16)
    classes.fill('db meta', page + 16, page + 80)
  }
  return classes
}
