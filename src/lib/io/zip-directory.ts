import type { RandomAccessReader as Reader } from 'yauzl'
import type { Source } from './source.ts'
import { isSystemError } from './system-error.ts'

/** As many are looked at as anyone would choose from. */
const MOST_ENTRIES = 10_000

/** A file in a zip archive. */
export interface ZipEntry {
  readonly name: string
  readonly method: number
  readonly encrypted: boolean
  /** Of the local header, behind which the data is. */
  readonly offset: number
  readonly compressedSize: number
  /** Unpacked; absent, as the checksum is, when only the directory would tell. */
  readonly size?: number
  readonly crc?: number
}

/**
 * Lists the files in an archive from its central directory.
 *
 * @returns what is wrong, when the directory cannot be read
 * @throws NodeJS.ErrnoException
 */
export async function listZip(source: Source): Promise<readonly ZipEntry[] | string> {
  const { fromRandomAccessReaderPromise, RandomAccessReader } = await import('yauzl')
  const entries: ZipEntry[] = []
  try {
    const reader = readerOver(source, RandomAccessReader)
    const zip = await fromRandomAccessReaderPromise(reader, source.size, { autoClose: false })
    for await (const entry of zip.eachEntry()) {
      if (entries.length < MOST_ENTRIES && !entry.fileName.endsWith('/')) {
        entries.push({
          name: entry.fileName,
          method: entry.compressionMethod,
          encrypted: entry.isEncrypted(),
          offset: entry.relativeOffsetOfLocalHeader,
          compressedSize: entry.compressedSize,
          size: entry.uncompressedSize,
          crc: entry.crc32,
        })
      }
    }
    return entries
  } catch (error) {
    if (isSystemError(error) || !(error instanceof Error)) throw error
    return error.message
  }
}

function readerOver(source: Source, Base: typeof Reader): Reader {
  class SourceReader extends Base {
    override read(
      into: Buffer,
      offset: number,
      length: number,
      position: number,
      done: (error: Error | null) => void,
    ): void {
      let failure: Error | null = null
      try {
        source.read(position, into.subarray(offset, offset + length))
      } catch (error) {
        failure = error as Error
      }
      done(failure)
    }
  }
  return new SourceReader()
}
