import { crc32 } from 'node:zlib'
import { ByteReader } from './byte-reader.ts'
import { hex8 } from './hex8.ts'
import { inflate } from './inflate.ts'
import type { Source } from './source.ts'
import type { Unpacking } from './unpacking.ts'
import { listZip, type ZipEntry } from './zip-directory.ts'
import { dataOffset, firstEntry } from './zip-local.ts'

const STORED = 0
const DEFLATED = 8

/** Methods that archives of today may have: APPNOTE.TXT 4.4.5. */
const METHODS: Readonly<Record<number, string>> = {
  9: 'Deflate64',
  12: 'bzip2',
  14: 'LZMA',
  93: 'zstd',
  95: 'xz',
}

/** Of several files at most so many are named. */
const MOST_NAMES = 10

const CHUNK = 64 * 1024

/**
 * Unpacks one file of a zip archive: the one that is asked for, the only one, or the only one that
 * has the name of an etcd artefact. Of an archive that was cut, so that nothing tells what it holds,
 * the first.
 *
 * Reports FILE_COMPRESSION_DAMAGED, FILE_COMPRESSION_UNSUPPORTED and FILE_ARCHIVE_UNCLEAR.
 *
 * @param wanted the name of a file in it
 * @returns the name of the file; undefined when none could be unpacked
 */
export async function unzip(
  source: Source,
  wanted: string | undefined,
  to: Unpacking,
): Promise<string | undefined> {
  const entries = await listZip(source)
  const entry =
    typeof entries === 'string' ? salvage(source, entries, to) : choose(entries, wanted, to)
  if (entry === undefined) return undefined
  return (await unpackEntry(source, entry, to)) ? entry.name : undefined
}

function salvage(source: Source, fault: string, to: Unpacking): ZipEntry | undefined {
  const why = fault.replace(/\.$/, '')
  to.damaged(source.size, {
    message: `the directory of the zip archive cannot be read, and only its first file is: ${why}`,
  })
  return firstEntry(source)
}

function choose(
  entries: readonly ZipEntry[],
  wanted: string | undefined,
  to: Unpacking,
): ZipEntry | undefined {
  if (wanted !== undefined) {
    const entry = entries.find(({ name }) => name === wanted)
    if (entry === undefined)
      to.unclear(`the archive has no file ${wanted}; it has ${listed(entries)}`)
    return entry
  }
  const files = entries.filter(({ name }) => !isForFinder(name))
  const named = files.filter(({ name }) => isArtefactName(name))
  const [entry] = files.length === 1 ? files : named
  if (files.length === 1 || named.length === 1) return entry
  to.unclear(
    files.length === 0
      ? 'the archive holds no file'
      : `the archive holds ${files.length} files (${listed(files)}): choose one, as in ARCHIVE.zip:NAME`,
  )
  return undefined
}

function listed(entries: readonly ZipEntry[]): string {
  const names = entries.slice(0, MOST_NAMES).map(({ name }) => name)
  return `${names.join(', ')}${entries.length > MOST_NAMES ? ', …' : ''}`
}

/** What macOS adds for itself. */
function isForFinder(name: string): boolean {
  return /^__MACOSX\/|(^|\/)(\._[^/]*|\.DS_Store)$/.test(name)
}

function isArtefactName(name: string): boolean {
  return /(^|\/)db$|\.(db|snap|wal)(\.(gz|zst|zip))?$/i.test(name)
}

/** @returns whether anything of it could be */
async function unpackEntry(source: Source, entry: ZipEntry, to: Unpacking): Promise<boolean> {
  const { method, encrypted, compressedSize, size, offset } = entry
  if (encrypted) to.unsupported('it is encrypted: unpack it with its password')
  else if (method !== STORED && method !== DEFLATED) {
    to.unsupported(
      `it was packed with ${METHODS[method] ?? `method ${method}`}: unpack it yourself`,
    )
  }
  if (encrypted || (method !== STORED && method !== DEFLATED)) return false
  const start = dataOffset(source, entry)
  if (start === undefined) {
    to.damaged(offset, { message: `the head of ${entry.name} is not where the directory says` })
    return false
  }
  if (size !== undefined) to.spool.expect(size)
  const reader = ByteReader.over(source, start, Math.min(start + compressedSize, source.size))
  let crc = 0
  let length = 0
  const take = (bytes: Uint8Array): void => {
    crc = crc32(bytes, crc)
    length += bytes.length
    to.spool.write(bytes)
  }
  if (method === STORED) copy(reader, take)
  else {
    const fault = await inflate(reader, take)
    if (fault) {
      to.damaged(fault.offset, {
        message: `the data of ${entry.name} is damaged: ${fault.message}`,
      })
      return true
    }
  }
  check(entry, start, crc, length, to)
  return true
}

function copy(reader: ByteReader, take: (bytes: Uint8Array) => void): void {
  for (let bytes = reader.take(CHUNK); bytes.length > 0; bytes = reader.take(CHUNK)) take(bytes)
}

function check(entry: ZipEntry, at: number, crc: number, length: number, to: Unpacking): void {
  if (entry.size !== undefined && entry.size !== length) {
    to.damaged(at, {
      message: `${entry.name} has another length than the directory says`,
      expected: `${entry.size} bytes`,
      found: `${length} bytes`,
    })
  } else if (entry.crc !== undefined && entry.crc !== crc) {
    to.damaged(at, {
      message: `${entry.name} fails its CRC-32`,
      expected: hex8(entry.crc),
      found: hex8(crc),
    })
  }
}
