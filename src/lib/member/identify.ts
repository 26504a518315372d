import { readdirSync } from 'node:fs'
import { basename } from 'node:path'
import { hasTrailer, isBoltFile } from '../bolt/bolt-file.ts'
import { below, isDirectory } from '../io/paths.ts'
import { fileNameOf, type Source } from '../io/source.ts'
import { parseSnapDbName, parseSnapName } from '../snap/file-name.ts'
import { isSnapFile } from '../snap/snap-file.ts'
import { isSegment } from '../wal/is-segment.ts'
import { parseSegmentName } from '../wal/segment-file.ts'
import type { FileType } from './artefact.ts'

/** Tells what a file is from its bytes; undefined when they are of no kind. */
export function identifyFile(source: Source): FileType | undefined {
  if (isBoltFile(source)) {
    if (parseSnapDbName(fileNameOf(source)) !== undefined) return 'snap-db'
    return hasTrailer(source.size) ? 'backup' : 'db'
  }
  if (isSegment(source)) return 'wal'
  return isSnapFile(source) ? 'snap' : undefined
}

/** What a file's name or place says that it should be; undefined when it says nothing. */
export function expectedType(path: string): FileType | undefined {
  const name = basename(path).replace(/\.broken$/, '')
  if (parseSegmentName(name) !== undefined) return 'wal'
  if (parseSnapName(name) !== undefined) return 'snap'
  if (parseSnapDbName(name) !== undefined) return 'snap-db'
  if (/\.part$/.test(name)) return 'backup'
  if (/\.wal$/.test(name)) return 'wal'
  if (/\.snap$/.test(name)) return 'snap'
  return name === 'db' || /\.db$/.test(name) ? 'db' : undefined
}

/** The parts of a member found below a directory. */
export interface MemberPaths {
  readonly snap?: string
  readonly wal?: string
}

/**
 * Tells what a directory is: a data dir, its `member`, or one of the two directories in that.
 *
 * @throws NodeJS.ErrnoException when it cannot be listed
 */
export function identifyDirectory(path: string): {
  type: 'data-dir' | 'wal-dir' | 'unknown'
  parts: MemberPaths
} {
  const names = readdirSync(path)
  if (names.includes('member') && isDirectory(below(path, 'member'))) {
    const inner = partsOf(below(path, 'member'))
    return { type: 'data-dir', parts: inner }
  }
  const parts = partsOf(path)
  if (parts.snap || parts.wal) return { type: 'data-dir', parts }
  if (names.some((name) => name.endsWith('.wal')) || basename(path) === 'wal') {
    return { type: 'wal-dir', parts: {} }
  }
  const isSnapDirectory = names.some((name) => name === 'db' || name.endsWith('.snap'))
  return isSnapDirectory ? { type: 'data-dir', parts: { snap: path } } : { type: 'unknown', parts }
}

function partsOf(path: string): MemberPaths {
  const has = (name: string): boolean => isDirectory(below(path, name))
  return {
    ...(has('snap') ? { snap: below(path, 'snap') } : {}),
    ...(has('wal') ? { wal: below(path, 'wal') } : {}),
  }
}
