/**
 * A WAL file is a row of frames:
 *
 *     int64 LE  L        low 56 bits: length of the record; top bit set: bits 56..58 hold the padding
 *     bytes     record   protobuf walpb.Record
 *     zeros     padding  to a multiple of 8
 *
 * An L of zero ends the file's records. Source: server/storage/wal/{encoder,decoder}.go @ v3.6.14;
 * unchanged since 3.0.
 */
export const LENGTH_BYTES = 8

const TWO_32 = 0x1_0000_0000

/** The record length of the frame at `bytes[at]`; exact up to 2^53, and larger than any file above. */
export function recordBytes(bytes: Uint8Array, at: number): number {
  const low = uint32(bytes, at)
  const high = uint32(bytes, at + 4) & 0xff_ffff
  return high * TWO_32 + low
}

/** The padding after the record of the frame at `bytes[at]`, 0 to 7 bytes. */
export function paddingBytes(bytes: Uint8Array, at: number): number {
  const top = bytes[at + 7] as number
  return top < 0x80 ? 0 : top & 7
}

/** True when all 8 bytes of the length field at `bytes[at]` are zero. */
export function isZeroLength(bytes: Uint8Array, at: number): boolean {
  return uint32(bytes, at) === 0 && uint32(bytes, at + 4) === 0
}

/** True when the length field is one that etcd's encoder could have written for its record length. */
export function isWrittenByEtcd(bytes: Uint8Array, at: number): boolean {
  const padding = (8 - ((bytes[at] as number) & 7)) & 7
  const top = bytes[at + 7] as number
  return top === (padding === 0 ? 0 : 0x80 | padding)
}

function uint32(bytes: Uint8Array, at: number): number {
  return (
    ((bytes[at] as number) |
      ((bytes[at + 1] as number) << 8) |
      ((bytes[at + 2] as number) << 16) |
      ((bytes[at + 3] as number) << 24)) >>>
    0
  )
}
