import { writeSync } from 'node:fs'
import { ExitCode } from './exit-codes.ts'

const batchSize = 64 * 1024

/** Wakes no one: only ever slept on, to wait for a slow reader without spinning. */
const sleeper = new Int32Array(new SharedArrayBuffer(4))

/**
 * Standard output for data: synchronous and batched.
 *
 * `console.log` in a loop is 15 times slower and keeps what a slow reader has not taken in memory;
 * and only a synchronous write lets a scan end as soon as `| head -1` has seen enough.
 */
export class Out {
  readonly #fd: number
  readonly #batch = Buffer.allocUnsafeSlow(batchSize)
  #filled = 0
  /** Text not yet encoded: joining strings is cheaper than encoding each. */
  #text = ''

  constructor(fd = 1) {
    this.#fd = fd
  }

  /** Writes `text` and a line feed. */
  line(text = ''): void {
    this.#text += `${text}\n`
    if (this.#text.length >= batchSize) this.flush()
  }

  /** Writes text, or bytes as they are; the bytes may be reused after the call. */
  write(data: string | Uint8Array): void {
    if (typeof data === 'string') {
      this.#text += data
      if (this.#text.length >= batchSize) this.flush()
      return
    }
    if (this.#text !== '' || this.#filled + data.length > batchSize) this.flush()
    if (data.length > batchSize) {
      this.#writeAll(data)
      return
    }
    this.#batch.set(data, this.#filled)
    this.#filled += data.length
  }

  /** Hands everything written so far to the operating system. */
  flush(): void {
    if (this.#filled > 0) {
      const filled = this.#filled
      this.#filled = 0
      this.#writeAll(this.#batch.subarray(0, filled))
    }
    if (this.#text !== '') {
      const bytes = Buffer.from(this.#text)
      this.#text = ''
      this.#writeAll(bytes)
    }
  }

  #writeAll(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; ) {
      try {
        at += writeSync(this.#fd, bytes, at)
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException
        if (code === 'EPIPE') process.exit(ExitCode.closedPipe)
        if (code !== 'EAGAIN') throw error
        Atomics.wait(sleeper, 0, 0, 1)
      }
    }
  }
}
