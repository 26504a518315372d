import { crc32 } from 'node:zlib'
import type { ByteReader } from './byte-reader.ts'
import { hex8 } from './hex8.ts'
import { inflate } from './inflate.ts'
import type { Unpacking } from './unpacking.ts'

const HEAD_BYTES = 10
const TRAILER_BYTES = 8
const DEFLATE = 8

const FLAG = { headerCrc: 2, extra: 4, name: 8, comment: 16, reserved: 0xe0 } as const

/** How far a look goes whether only zeros follow, as tapes and block devices leave them. */
const LOOKED_AT = 64 * 1024

/** Whether a member of a gzip file begins here. */
export function isGzip(head: Uint8Array): boolean {
  return head[0] === 0x1f && head[1] === 0x8b
}

/**
 * Unpacks all members of a gzip file: RFC 1952.
 *
 * Reports FILE_COMPRESSION_DAMAGED; what could be inflated is written. A member whose checksum is
 * wrong is kept, and those behind it are read.
 */
export async function gunzip(reader: ByteReader, to: Unpacking): Promise<void> {
  while (await unpackMember(reader, to)) {
    const rest = reader.peek(LOOKED_AT)
    if (isGzip(rest)) continue
    if (rest.some((byte) => byte !== 0)) to.trailing(reader.offset)
    return
  }
}

/** @returns whether its end was reached */
async function unpackMember(reader: ByteReader, to: Unpacking): Promise<boolean> {
  const start = reader.offset
  const fault = skipHeader(reader)
  if (fault !== undefined) {
    to.damaged(start, { message: `the head of the gzip member is not readable: ${fault}` })
    return false
  }
  let crc = 0
  let length = 0
  const broken = await inflate(reader, (bytes) => {
    crc = crc32(bytes, crc)
    length += bytes.length
    to.spool.write(bytes)
  })
  if (broken) {
    to.damaged(broken.offset, { message: `the gzip data is damaged: ${broken.message}` })
    return false
  }
  const { offset } = reader
  const trailer = reader.take(TRAILER_BYTES)
  if (trailer.length < TRAILER_BYTES) {
    to.damaged(offset, { message: 'the gzip file ends before its checksum' })
    return false
  }
  checkTrailer(trailer, offset, crc, length, to)
  return true
}

/** @returns what is wrong with it */
function skipHeader(reader: ByteReader): string | undefined {
  const head = reader.take(HEAD_BYTES)
  if (head.length < HEAD_BYTES) return 'the file ends in it'
  const [, , method, flags = 0] = head
  if (method !== DEFLATE) return `method ${method}`
  if (flags & FLAG.reserved) return `flags ${flags}`
  if (flags & FLAG.extra) {
    const length = reader.take(2)
    if (length.length < 2) return 'the file ends in it'
    reader.take(length.readUInt16LE())
  }
  if (flags & FLAG.name) skipText(reader)
  if (flags & FLAG.comment) skipText(reader)
  if (flags & FLAG.headerCrc) reader.take(2)
  return undefined
}

/** Goes behind the next zero byte. */
function skipText(reader: ByteReader): void {
  for (let bytes = reader.peekAny(); bytes.length > 0; bytes = reader.peekAny()) {
    const end = bytes.indexOf(0)
    reader.skip(end < 0 ? bytes.length : end + 1)
    if (end >= 0) return
  }
}

function checkTrailer(
  trailer: Buffer,
  offset: number,
  crc: number,
  length: number,
  to: Unpacking,
): void {
  const stored = trailer.readUInt32LE()
  if (stored !== crc) {
    to.damaged(offset, {
      message: 'the unpacked bytes fail the CRC-32 of gzip',
      expected: hex8(stored),
      found: hex8(crc),
    })
    return
  }
  const size = trailer.readUInt32LE(4)
  if (size !== length % 2 ** 32) {
    to.damaged(offset + 4, {
      message: 'the length that gzip stored is another',
      expected: `${size} bytes`,
      found: `${length % 2 ** 32} bytes`,
    })
  }
}
