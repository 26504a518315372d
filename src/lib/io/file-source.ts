import { type BigIntStats, closeSync, constants, fstatSync, openSync, statSync } from 'node:fs'
import { readFully } from './read-fully.ts'
import type { Source } from './source.ts'

/** O_NONBLOCK keeps the open of a FIFO from waiting for a writer that never comes. */
const READ_ONLY = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)

/** What identifies one state of a file; a difference means that somebody wrote to it. */
export interface FileStamp {
  readonly size: number
  readonly mtimeNs: bigint
}

/** A regular file, opened read-only, read with positional reads. */
export class FileSource implements Source {
  readonly name: string
  size: number
  readonly fd: number
  readonly stamp: FileStamp

  /** @throws NodeJS.ErrnoException when the file cannot be opened, or is not a regular file. */
  constructor(name: string, path: string = name) {
    this.name = name
    // Opening alone can have effects: it lets the writer of a FIFO go on, and starts some devices.
    stampOf(statSync(path, { bigint: true }), path)
    this.fd = openSync(path, READ_ONLY)
    try {
      this.stamp = stampOf(fstatSync(this.fd, { bigint: true }), path)
    } catch (error) {
      closeSync(this.fd)
      throw error
    }
    this.size = this.stamp.size
  }

  read(at: number, into: Uint8Array): number {
    return readFully(this.fd, at, into)
  }

  measure(): void {
    this.size = fstatSync(this.fd).size
  }

  /** True when the file's size or modification time is no longer what it was at opening. */
  changed(): boolean {
    const now = fstatSync(this.fd, { bigint: true })
    return Number(now.size) !== this.stamp.size || now.mtimeNs !== this.stamp.mtimeNs
  }

  close(): void {
    closeSync(this.fd)
  }
}

function stampOf(stat: BigIntStats, path: string): FileStamp {
  if (stat.isFile()) return { size: Number(stat.size), mtimeNs: stat.mtimeNs }
  const code = stat.isDirectory() ? 'EISDIR' : 'EINVAL'
  throw Object.assign(new Error(`${code}: not a regular file, open '${path}'`), {
    code,
    path,
    syscall: 'open',
  })
}
