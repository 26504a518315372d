import { constants, createInflateRaw } from 'node:zlib'
import type { ByteReader } from './byte-reader.ts'

/** How much is inflated into at a time. */
const CHUNK = 64 * 1024

/** How much is inflated at a time: where it is damaged, what came out of so much is lost. */
const PIECE = 16 * 1024

/** Why a DEFLATE stream could not be read to its end; `offset` is where the last good piece ended. */
export interface InflateFault {
  readonly message: string
  readonly offset: number
}

/**
 * Inflates one DEFLATE stream, and leaves the reader behind it.
 *
 * @param write gets each chunk; may throw, which ends it
 * @returns undefined when the stream was whole
 */
export function inflate(
  reader: ByteReader,
  write: (bytes: Uint8Array) => void,
): Promise<InflateFault | undefined> {
  const engine = createInflateRaw({ chunkSize: CHUNK })
  const begin = reader.offset
  return new Promise<InflateFault | undefined>((resolve, reject) => {
    engine.on('data', (bytes: Buffer) => {
      try {
        write(bytes)
      } catch (error) {
        reject(error)
        engine.destroy()
      }
    })
    engine.on('end', () => resolve(undefined))
    engine.on('error', ({ errno, message }: NodeJS.ErrnoException) => {
      const offset = begin + engine.bytesWritten
      if (errno === constants.Z_BUF_ERROR) resolve({ message: 'it breaks off', offset })
      else resolve({ message, offset })
    })
    feed()

    function feed(): void {
      const bytes = nextBytes()
      if (bytes === undefined) return
      if (bytes.length === 0) engine.end()
      else engine.write(bytes, () => taken(bytes))
    }

    function nextBytes(): Buffer | undefined {
      try {
        return reader.peek(PIECE)
      } catch (error) {
        reject(error)
        engine.destroy()
        return undefined
      }
    }

    /** What the engine leaves lies behind the end of the stream. */
    function taken(bytes: Buffer): void {
      if (engine.destroyed) return
      const used = begin + engine.bytesWritten - reader.offset
      reader.skip(used)
      if (used === bytes.length) feed()
    }
  }).finally(() => engine.destroy())
}
