import type { Findings } from '../findings/findings.ts'
import { foreignCompressionOf } from '../io/compression.ts'
import { openSource } from '../io/open-source.ts'
import { isDirectory } from '../io/paths.ts'
import { reportChange } from '../io/report-change.ts'
import { fileNameOf, type Source } from '../io/source.ts'
import { unlessUnreadable } from '../io/unreadable.ts'
import { readSnapFile } from '../snap/snap-file.ts'
import { readStoreFile } from '../store/read-store.ts'
import { segmentOf } from '../wal/segment-file.ts'
import type { Artefact, ArtefactOptions, FileType } from './artefact.ts'
import { readDataDir } from './data-dir.ts'
import { expectedType, identifyDirectory, identifyFile } from './identify.ts'
import { readWalDirectory, readWalSegment } from './wal.ts'

/**
 * Reads whatever is at a path. Its type is found from the bytes; the name is asked only when they
 * are of no kind. What the operating system refuses is a finding, not an exception.
 *
 * @param path of a directory, or of a file as `openSource` takes it
 */
export async function readArtefact(
  path: string,
  findings: Findings,
  options: ArtefactOptions = {},
): Promise<Artefact> {
  const kind = unlessUnreadable(path, findings, () => (isDirectory(path) ? 'directory' : 'file'))
  const artefact =
    kind === 'directory'
      ? unlessUnreadable(path, findings, () => readDirectoryArtefact(path, findings, options))
      : kind && (await readFile(path, findings, options))
  return artefact ?? { type: 'unknown', path, bytes: 0, unread: true }
}

/**
 * Reads a data dir, or a WAL directory.
 *
 * @throws NodeJS.ErrnoException when it cannot be listed
 */
export function readDirectoryArtefact(
  path: string,
  findings: Findings,
  options: ArtefactOptions = {},
): Artefact {
  const { type, parts } = identifyDirectory(path)
  if (type === 'wal-dir') return { type, path, wal: readWalDirectory(path, findings) }
  if (type === 'data-dir') {
    return { type, path, dataDir: readDataDir(path, parts, options, findings) }
  }
  findings.report(
    'FILE_NOT_ETCD',
    { path },
    {
      message: 'the directory is neither a data dir nor part of one',
    },
  )
  return { type: 'unknown', path, bytes: 0, unread: true }
}

async function readFile(
  path: string,
  findings: Findings,
  options: ArtefactOptions,
): Promise<Artefact | undefined> {
  const source = await openSource(path, findings)
  if (source === undefined) return undefined
  try {
    return unlessUnreadable(path, findings, () => readFileArtefact(source, findings, options))
  } finally {
    source.close()
  }
}

/**
 * Reads a file for what it is.
 *
 * @throws NodeJS.ErrnoException
 */
export function readFileArtefact(
  source: Source,
  findings: Findings,
  options: ArtefactOptions = {},
): Artefact {
  const type = identifyFile(source)
  if (type !== undefined) return readAs(type, source, findings, options)
  const expected = expectedType(fileNameOf(source))
  const foreign = foreignCompressionOf(source)
  if (expected === undefined || foreign !== undefined || source.size === 0) {
    return unread(expected ?? 'unknown', foreign, source, findings)
  }
  const before = findings.of('error')
  const artefact = readAs(expected, source, findings, options)
  if (findings.of('error') === before) {
    findings.report(
      'FILE_UNRECOGNISED',
      { path: source.name },
      {
        message: `the file should be of type ${expected}, but its bytes are of no kind`,
      },
    )
  }
  return artefact
}

function readAs(
  type: FileType,
  source: Source,
  findings: Findings,
  { hashKvAt }: ArtefactOptions,
): Artefact {
  const path = source.name
  switch (type) {
    case 'snap': {
      const snap = readSnapFile(source, findings)
      reportChange(source, findings)
      return { type, path, snap }
    }
    case 'wal': {
      return { type, path, wal: readWalSegment(segmentOf(source), findings) }
    }
    default: {
      if (/\.part$/.test(fileNameOf(source))) {
        const message = 'the name says that this is a part of a backup'
        findings.report('FILE_UNFINISHED', { path }, { message })
      }
      // A file of another name than a member's own may have been meant to be a backup.
      const trailer = type === 'backup' || (type === 'db' && fileNameOf(source) !== 'db')
      return { type, path, db: readStoreFile(source, findings, { trailer, hashKvAt }) }
    }
  }
}

function unread(
  type: FileType | 'unknown',
  foreign: string | undefined,
  { name: path, size }: Source,
  findings: Findings,
): Artefact {
  if (foreign !== undefined) {
    const message = `it was packed with ${foreign}: unpack it first`
    findings.report('FILE_COMPRESSION_UNSUPPORTED', { path }, { message })
  } else if (type === 'unknown') {
    findings.report(
      'FILE_NOT_ETCD',
      { path },
      { message: 'the file is of no kind that etcd writes' },
    )
  } else {
    findings.report('FILE_EMPTY', { path }, { message: 'the file holds no bytes' })
  }
  return { type, path, bytes: size, unread: true }
}
