import { statSync } from 'node:fs'
import { basename } from 'node:path'
import type { Findings } from '../findings/findings.ts'
import { ByteReader } from './byte-reader.ts'
import {
  type Compression,
  compressionNamed,
  compressionOf,
  HEAD_BYTES,
  headOf,
  unpackedName,
} from './compression.ts'
import { FileSource } from './file-source.ts'
import { gunzip } from './gunzip.ts'
import { NoRoomError } from './no-room.ts'
import { STDIN } from './paths.ts'
import { reportChange } from './report-change.ts'
import { fileNameOf, type Source } from './source.ts'
import { Spool } from './spool.ts'
import { readStdin } from './stdin.ts'
import { Unpacking } from './unpacking.ts'
import { reportUnreadable } from './unreadable.ts'
import { unzip } from './unzip.ts'

/** A backup in a zip may have been packed before; nobody packs it a third time. */
const MOST_LAYERS = 2

/**
 * Opens what a path names, as every command that reads a file does. What is compressed (gzip, zstd, one
 * file of a zip: told from the bytes) is unpacked into a temporary file, and so is standard input. To
 * be closed by the caller; the temporary file goes then, or with the process.
 *
 * Reports FILE_UNREADABLE, FILE_NO_ROOM, FILE_EMPTY (of what is unpacked), FILE_CHANGED,
 * FILE_COMPRESSION_DAMAGED (what could be unpacked is there to be read), FILE_COMPRESSION_UNSUPPORTED,
 * FILE_COMPRESSION_NAME and FILE_ARCHIVE_UNCLEAR.
 *
 * @param path as it was given; `-` for standard input, `ARCHIVE.zip:NAME` for one of several files
 * @returns undefined, and a finding, when there is nothing that could be read
 */
export async function openSource(path: string, findings: Findings): Promise<Source | undefined> {
  try {
    if (path === STDIN) return await openStdin(findings)
    const { file, entry } = locate(path)
    return await unpackAll(new FileSource(path, file), entry, findings)
  } catch (error) {
    if (error instanceof NoRoomError) findings.report('FILE_NO_ROOM', { path }, error.details)
    else reportUnreadable(error, path, findings)
    return undefined
  }
}

/** Splits `ARCHIVE.zip:NAME`, unless there is a file with all of that as its name. */
function locate(path: string): { file: string; entry?: string } {
  if (statSync(path, { throwIfNoEntry: false })) return { file: path }
  for (let at = path.indexOf(':', 1); at > 0; at = path.indexOf(':', at + 1)) {
    const file = path.slice(0, at)
    if (isArchive(file)) return { file, entry: path.slice(at + 1) }
  }
  return { file: path }
}

function isArchive(path: string): boolean {
  if (!statSync(path, { throwIfNoEntry: false })?.isFile()) return false
  const source = new FileSource(path)
  try {
    return compressionOf(headOf(source)) === 'zip'
  } finally {
    source.close()
  }
}

/** What comes through a pipe is unpacked as it comes, but for a zip, whose directory is at its end. */
async function openStdin(findings: Findings): Promise<Source | undefined> {
  const reader = new ByteReader(readStdin)
  const kind = compressionOf(reader.peek(HEAD_BYTES))
  const source = await spooled(STDIN, findings, async (to) => {
    if (kind === 'gzip' || kind === 'zstd') await unpackStream(kind, reader, to)
    else copy(reader, to.spool)
    return STDIN
  })
  return source && unpackAll(source, undefined, findings, kind === 'zip' ? 0 : 1)
}

/**
 * Unpacks a source until it is packed no more; closes those that it leaves behind.
 *
 * @param entry of an archive
 * @param layers how often it was unpacked before
 */
async function unpackAll(
  packed: Source,
  entry: string | undefined,
  findings: Findings,
  layers = 0,
): Promise<Source | undefined> {
  const kind = compressionOf(headOf(packed))
  if (layers === 0 && entry === undefined) noteName(packed, kind, findings)
  if (kind === undefined) {
    if (packed.size > 0 || compressionNamed(fileNameOf(packed)) === undefined) return packed
    reportEmpty(packed.name, findings)
    packed.close()
    return undefined
  }
  let source: Source | undefined
  try {
    source = await spooled(packed.name, findings, async (to) => {
      if (layers === MOST_LAYERS) to.unsupported(`it was packed more than ${MOST_LAYERS} times`)
      else if (kind === 'zip') return unzip(packed, entry, to)
      else await unpackStream(kind, ByteReader.over(packed), to)
      return unpackedName(fileNameOf(packed))
    })
    reportChange(packed, findings)
  } finally {
    packed.close()
  }
  return source && unpackAll(source, undefined, findings, layers + 1)
}

async function unpackStream(
  kind: 'gzip' | 'zstd',
  reader: ByteReader,
  to: Unpacking,
): Promise<void> {
  if (kind === 'gzip') return gunzip(reader, to)
  const { unzstd } = await import('./unzstd.ts')
  return unzstd(reader, to)
}

function copy(reader: ByteReader, spool: Spool): void {
  for (let bytes = reader.peekAny(); bytes.length > 0; bytes = reader.peekAny()) {
    spool.write(bytes)
    reader.skip(bytes.length)
  }
}

/**
 * Has a temporary file filled.
 *
 * @param fill returns the file's name; undefined when nothing could be unpacked
 */
async function spooled(
  path: string,
  findings: Findings,
  fill: (to: Unpacking) => Promise<string | undefined>,
): Promise<Source | undefined> {
  const spool = new Spool()
  let source: Source | undefined
  try {
    const to = new Unpacking(path, findings, spool)
    const fileName = await fill(to)
    if (spool.bytes > 0) source = spool.source(path, basename(fileName ?? path))
    else if (!to.faulty) reportEmpty(path, findings)
  } finally {
    if (source === undefined) spool.close()
  }
  return source
}

function reportEmpty(path: string, findings: Findings): void {
  findings.report('FILE_EMPTY', { path }, { message: 'the file holds no bytes' })
}

function noteName(source: Source, kind: Compression | undefined, findings: Findings): void {
  const { name: path } = source
  const named = compressionNamed(fileNameOf(source))
  if (path === STDIN || kind === named || source.size === 0) return
  const message =
    kind === undefined
      ? `the file is not compressed, although its name says ${named}`
      : `the file is compressed with ${kind}`
  findings.report(
    'FILE_COMPRESSION_NAME',
    { path },
    { message, expected: named ?? 'no compression', found: kind ?? 'none' },
  )
}
