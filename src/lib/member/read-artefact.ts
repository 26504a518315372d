import { statSync } from 'node:fs'
import { basename } from 'node:path'
import { readBoltFile } from '../bolt/bolt-file.ts'
import type { Findings } from '../findings/findings.ts'
import { FileSource } from '../io/file-source.ts'
import { reportChange } from '../io/report-change.ts'
import type { Source } from '../io/source.ts'
import { unlessUnreadable } from '../io/unreadable.ts'
import { readSnapFile } from '../snap/snap-file.ts'
import { parseSegmentName } from '../wal/segment-file.ts'
import type { Artefact, FileType } from './artefact.ts'
import { readDataDir } from './data-dir.ts'
import { expectedType, identifyDirectory, identifyFile } from './identify.ts'
import { readWalDirectory, readWalSegment } from './wal.ts'

/**
 * Reads whatever is at a path. Its type is found from the bytes; the name is asked only when they
 * are of no kind. What the operating system refuses is a finding, not an exception.
 *
 * @param walDir for a data dir whose WAL is elsewhere
 */
export function readArtefact(path: string, findings: Findings, walDir?: string): Artefact {
  const artefact = unlessUnreadable(path, findings, () =>
    statSync(path).isDirectory() ? readDirectory(path, findings, walDir) : readFile(path, findings),
  )
  return artefact ?? { type: 'unknown', path, bytes: 0, unread: true }
}

function readDirectory(path: string, findings: Findings, walDir: string | undefined): Artefact {
  const { type, parts } = identifyDirectory(path)
  if (type === 'wal-dir') return { type, path, wal: readWalDirectory(path, findings) }
  if (type === 'data-dir') {
    return { type, path, dataDir: readDataDir(path, parts, walDir, findings) }
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

function readFile(path: string, findings: Findings): Artefact {
  const source = new FileSource(path)
  try {
    const type = identifyFile(source)
    if (type !== undefined) return readAs(type, source, findings)
    const expected = expectedType(path)
    if (expected === undefined || source.size === 0) {
      return unread(expected ?? 'unknown', source, findings)
    }
    const before = findings.of('error')
    const artefact = readAs(expected, source, findings)
    if (findings.of('error') === before) {
      findings.report(
        'FILE_UNRECOGNISED',
        { path },
        {
          message: `the file should be of type ${expected}, but its bytes are of no kind`,
        },
      )
    }
    return artefact
  } finally {
    source.close()
  }
}

function readAs(type: FileType, source: FileSource, findings: Findings): Artefact {
  const path = source.name
  switch (type) {
    case 'snap': {
      const snap = readSnapFile(source, findings)
      reportChange(source, findings)
      return { type, path, snap }
    }
    case 'wal': {
      const segment = { path, bytes: source.size, ...parseSegmentName(basename(path)) }
      return { type, path, wal: readWalSegment(segment, findings) }
    }
    default: {
      const db = readBoltFile(source, findings)
      reportChange(source, findings)
      return { type, path, db }
    }
  }
}

function unread(
  type: FileType | 'unknown',
  { name: path, size }: Source,
  findings: Findings,
): Artefact {
  if (type === 'unknown') {
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
