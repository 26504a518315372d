import { readSync } from 'node:fs'

const STDIN_FD = 0

/** How long a pipe that has nothing yet, and does not wait, is left alone: ms. */
const PAUSE = 5

/** Wakes no one: only ever slept on. */
const sleeper = new Int32Array(new SharedArrayBuffer(4))

/**
 * Fills the front of a buffer from standard input; 0 at its end.
 *
 * @throws NodeJS.ErrnoException
 */
export function readStdin(into: Uint8Array): number {
  for (;;) {
    try {
      return readSync(STDIN_FD, into, 0, into.length, null)
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      // Windows says so of a pipe that was closed.
      if (code === 'EOF') return 0
      if (code !== 'EAGAIN') throw error
      Atomics.wait(sleeper, 0, 0, PAUSE)
    }
  }
}
