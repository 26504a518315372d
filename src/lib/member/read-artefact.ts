import { statSync } from 'node:fs'
import { basename } from 'node:path'
import { readBoltFile } from '../bolt/bolt-file.ts'
import type { Findings } from '../findings/findings.ts'
import { FileSource } from '../io/file-source.ts'
import { readSnapFile } from '../snap/snap-file.ts'
import { parseSegmentName } from '../wal/segment-file.ts'
import type { Artefact, ArtefactType } from './artefact.ts'
import { readDataDir } from './data-dir.ts'
import { expectedType, identifyDirectory, identifyFile } from './identify.ts'
import { readWalDirectory, readWalSegment } from './wal.ts'

/**
 * Reads whatever is at a path. Its type is found from the bytes; the name is asked only when they
 * are of no kind.
 *
 * @param walDir for a data dir whose WAL is elsewhere
 * @throws NodeJS.ErrnoException when the operating system refuses
 */
export function readArtefact(path: string, findings: Findings, walDir?: string): Artefact {
  return statSync(path).isDirectory()
    ? readDirectory(path, findings, walDir)
    : readFile(path, findings)
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
    switch (type) {
      case 'snap':
        return { type, path, snap: readSnapFile(source, findings) }
      case 'wal': {
        const segment = { path, bytes: source.size, ...parseSegmentName(basename(path)) }
        return { type, path, wal: readWalSegment(segment, findings) }
      }
      case 'db':
      case 'backup':
      case 'snap-db':
        return { type, path, bolt: readBoltFile(source, findings) }
      default:
        return unread(path, source.size, findings)
    }
  } finally {
    source.close()
  }
}

function unread(path: string, bytes: number, findings: Findings): Artefact {
  const type: ArtefactType = expectedType(path) ?? 'unknown'
  if (type === 'unknown') {
    findings.report(
      'FILE_NOT_ETCD',
      { path },
      { message: 'the file is of no kind that etcd writes' },
    )
  } else if (bytes === 0) {
    findings.report('FILE_EMPTY', { path }, { message: 'the file holds no bytes' })
  } else {
    findings.report(
      'FILE_UNRECOGNISED',
      { path },
      {
        message: `the file should be of type ${type}, but its bytes are of no kind`,
      },
    )
  }
  return { type, path, bytes, unread: true }
}
