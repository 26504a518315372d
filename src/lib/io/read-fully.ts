import { readSync } from 'node:fs'

/** Linux reads at most this much in one call, and Node 20 returns 0 for 4 GiB and more. */
const LARGEST_READ = 1 << 30

/**
 * Fills `into` from offset `at` of a file.
 *
 * @returns the bytes read: fewer than `into.length` only where the file ends
 * @throws NodeJS.ErrnoException
 */
export function readFully(fd: number, at: number, into: Uint8Array): number {
  let done = 0
  while (done < into.length) {
    const wanted = Math.min(into.length - done, LARGEST_READ)
    const got = readSync(fd, into, done, wanted, at + done)
    if (got === 0) break
    done += got
  }
  return done
}
