import type { Source } from './source.ts'
import type { ZipEntry } from './zip-directory.ts'

const LOCAL_MAGIC = 0x04034b50
/** Of the directory's end, with which an archive without files begins. */
const END_MAGIC = 0x06054b50
const HEADER_BYTES = 30

const ENCRYPTED = 1
/** Checksum and sizes stand behind the data, since they were not known before. */
const DESCRIPTOR = 8

/** Whether a zip archive begins here. */
export function isZip(head: Buffer): boolean {
  const magic = head.length < 4 ? 0 : head.readUInt32LE()
  return magic === LOCAL_MAGIC || magic === END_MAGIC
}

/** Where an entry's data begins; undefined when its local header is not where it should be. */
export function dataOffset(source: Source, { offset }: ZipEntry): number | undefined {
  const header = headerAt(source, offset)
  return header && offset + HEADER_BYTES + header.readUInt16LE(26) + header.readUInt16LE(28)
}

/**
 * The first file in an archive whose directory is gone, from its local header: method and name, but
 * neither sizes nor checksum, which archives written as a stream do not have there.
 */
export function firstEntry(source: Source): ZipEntry | undefined {
  const header = headerAt(source, 0)
  if (header === undefined) return undefined
  const name = Buffer.alloc(header.readUInt16LE(26))
  source.read(HEADER_BYTES, name)
  const flags = header.readUInt16LE(6)
  const streamed = (flags & DESCRIPTOR) !== 0
  const start = HEADER_BYTES + name.length + header.readUInt16LE(28)
  const rest = Math.max(source.size - start, 0)
  const claimed = header.readUInt32LE(18)
  return {
    name: name.toString(),
    method: header.readUInt16LE(8),
    encrypted: (flags & ENCRYPTED) !== 0,
    offset: 0,
    compressedSize: streamed ? rest : Math.min(claimed, rest),
  }
}

function headerAt(source: Source, offset: number): Buffer | undefined {
  const header = Buffer.alloc(HEADER_BYTES)
  const whole = source.read(offset, header) === HEADER_BYTES
  return whole && header.readUInt32LE() === LOCAL_MAGIC ? header : undefined
}
