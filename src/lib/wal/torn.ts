import type { Source } from '../io/source.ts'

/** Disks write sectors; a torn write leaves whole ones of zeros. */
const SECTOR = 512

/**
 * etcd's rule for a record that was not written whole: split at file offsets that are multiples of
 * 512, one of its pieces is all zero. The last piece may be a few bytes of padding, so that other
 * damage to such a record counts as torn too. Only in the last segment does etcd act upon it.
 *
 * Source: isTornEntry in server/storage/wal/decoder.go @ v3.6.14; unchanged since 3.3.
 *
 * @param start file offset of the record, behind its length field
 * @param length bytes of record and padding
 */
export function isTorn(source: Source, start: number, length: number): boolean {
  const sector = new Uint8Array(SECTOR)
  const end = start + length
  for (let at = start; at < end; ) {
    const piece = sector.subarray(0, Math.min(SECTOR - (at % SECTOR), end - at))
    const got = source.read(at, piece)
    if (got < piece.length) return false
    if (piece.every((byte) => byte === 0)) return true
    at += piece.length
  }
  return false
}
