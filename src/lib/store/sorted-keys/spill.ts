import {
  closeSync,
  mkdtempSync,
  openSync,
  readSync,
  rmdirSync,
  unlinkSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const BUFFER_BYTES = 256 * 1024

/**
 * A private temporary file that has no name once it is open: it goes when it is closed or when the
 * process ends, however that ends.
 *
 * What the operating system refuses is thrown, with the path of the directory.
 */
export class Spill {
  private readonly fd: number
  private readonly directory: string
  private readonly buffer = new Uint8Array(BUFFER_BYTES)
  private held = 0
  private written = 0

  constructor(directory: string = tmpdir()) {
    this.directory = directory
    const own = mkdtempSync(join(directory, 'etcdsnap-'))
    const path = join(own, 'keys')
    try {
      this.fd = openSync(path, 'wx+', 0o600)
      unlinkSync(path)
    } finally {
      rmdirSync(own)
    }
  }

  /** Where the next byte will stand. */
  get position(): number {
    return this.written + this.held
  }

  write(bytes: Uint8Array, start: number, end: number): void {
    if (this.held + end - start > BUFFER_BYTES) this.flush()
    if (end - start > BUFFER_BYTES) {
      this.writeAll(bytes.subarray(start, end))
      return
    }
    this.buffer.set(bytes.subarray(start, end), this.held)
    this.held += end - start
  }

  /** A varint, as protobuf has it. */
  writeLength(value: number): void {
    if (this.held + 5 > BUFFER_BYTES) this.flush()
    let rest = value
    while (rest >= 0x80) {
      this.buffer[this.held++] = (rest & 0x7f) | 0x80
      rest >>>= 7
    }
    this.buffer[this.held++] = rest
  }

  flush(): void {
    const { held } = this
    this.held = 0
    this.writeAll(this.buffer.subarray(0, held))
  }

  /** As `Source.read`. */
  read(at: number, into: Uint8Array): number {
    let done = 0
    while (done < into.length) {
      const got = readSync(this.fd, into, done, into.length - done, at + done)
      if (got === 0) break
      done += got
    }
    return done
  }

  close(): void {
    closeSync(this.fd)
  }

  private writeAll(bytes: Uint8Array): void {
    for (let done = 0; done < bytes.length; ) {
      try {
        const put = writeSync(this.fd, bytes, done, bytes.length - done, this.written)
        done += put
        this.written += put
      } catch (error) {
        throw Object.assign(error as Error, { path: this.directory })
      }
    }
  }
}
