const MAGIC = 0xfd2fb528
const SKIPPABLE_MAGIC = 0x184d2a50

/** The longest frame header: magic, descriptor, window, dictionary, content size. */
export const FRAME_HEADER_BYTES = 18

const DICTIONARY_BYTES = [0, 1, 2, 4]

/** What a frame says of itself before its first block. */
export interface FrameHeader {
  /** What decoding has to hold: bytes. */
  readonly window: number
  /** Bytes that will come out; absent when whoever packed them did not know. */
  readonly contentSize?: number
}

/** Whether a frame of zstd begins here, or one that is to be skipped. */
export function isZstd(head: Buffer): boolean {
  if (head.length < 4) return false
  const magic = head.readUInt32LE()
  return magic === MAGIC || (magic & ~0xf) >>> 0 === SKIPPABLE_MAGIC
}

/**
 * Reads the header of a frame: RFC 8878, 3.1.1.1.
 *
 * @returns undefined for a frame that is to be skipped, and where the bytes end before the header does
 */
export function frameHeader(head: Buffer): FrameHeader | undefined {
  if (head.length < 6 || head.readUInt32LE() !== MAGIC) return undefined
  const descriptor = head.readUInt8(4)
  const single = (descriptor & 0x20) !== 0
  const dictionary = DICTIONARY_BYTES[descriptor & 3] as number
  const at = 5 + (single ? 0 : 1) + dictionary
  const sizeBytes = [single ? 1 : 0, 2, 4, 8][descriptor >> 6] as number
  if (head.length < at + sizeBytes) return undefined
  const contentSize = contentSizeAt(head, at, sizeBytes)
  const window = single ? (contentSize ?? 0) : windowSize(head.readUInt8(5))
  return { window, ...(contentSize === undefined ? {} : { contentSize }) }
}

function windowSize(descriptor: number): number {
  const base = 2 ** (10 + (descriptor >> 3))
  return base + (base / 8) * (descriptor & 7)
}

function contentSizeAt(head: Buffer, at: number, bytes: number): number | undefined {
  switch (bytes) {
    case 1:
      return head.readUInt8(at)
    case 2:
      return head.readUInt16LE(at) + 256
    case 4:
      return head.readUInt32LE(at)
    case 8:
      return Number(head.readBigUInt64LE(at))
    default:
      return undefined
  }
}
