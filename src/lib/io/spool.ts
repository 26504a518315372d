import { randomBytes } from 'node:crypto'
import { closeSync, constants, openSync, statfsSync, unlinkSync, writeSync } from 'node:fs'
import { platform, tmpdir } from 'node:os'
import { join } from 'node:path'
import { NoRoomError } from './no-room.ts'
import { readFully } from './read-fully.ts'
import type { Source } from './source.ts'
import { isSystemError } from './system-error.ts'
import { wordsOf } from './unreadable.ts'

/** After how many bytes the room is looked at again. */
const LOOK_EVERY = 16 * 1024 * 1024

/** What is left free, since others write to the same file system, and maybe etcd itself. */
const RESERVED_SHARE = 0.05
const LARGEST_RESERVE = 1024 ** 3

/** Windows removes a file with this flag when it is closed, even by a crash; Node has no name for it. */
const O_TEMPORARY = 0x40

const NEW_AND_PRIVATE = constants.O_RDWR | constants.O_CREAT | constants.O_EXCL

/** What the operating system says when a disk, or a user's share of it, is full. */
const FULL = new Set(['ENOSPC', 'EDQUOT', 'EFBIG'])

/**
 * A temporary file without a name: nobody else can open it, and it is gone as soon as it is closed
 * or the process ends, whatever ends it.
 */
export class Spool {
  /** So many were written. */
  bytes = 0
  private readonly directory: string
  private readonly roomIn: (directory: string) => number
  private readonly fd: number
  private nextLook = 0

  /**
   * @param directory TMPDIR, as other programs have it
   * @param roomIn the bytes that may be written to the directory's file system
   * @throws NoRoomError when the directory takes no file
   */
  constructor(directory: string = tmpdir(), roomIn: (directory: string) => number = usableIn) {
    this.directory = directory
    this.roomIn = roomIn
    this.fd = openNameless(directory)
  }

  /**
   * Looks whether so many more bytes could be written.
   *
   * @throws NoRoomError when not
   */
  expect(bytes: number): void {
    const room = this.roomIn(this.directory)
    if (room < bytes) throw this.noRoom(room, bytes)
    this.nextLook = this.bytes + Math.min(room, LOOK_EVERY)
  }

  /** @throws NoRoomError, NodeJS.ErrnoException */
  write(bytes: Uint8Array): void {
    if (this.bytes + bytes.length > this.nextLook) this.expect(bytes.length)
    try {
      for (let at = 0; at < bytes.length; ) at += writeSync(this.fd, bytes, at)
    } catch (error) {
      if (isSystemError(error) && FULL.has(error.code ?? '')) throw this.noRoom(0, bytes.length)
      throw error
    }
    this.bytes += bytes.length
  }

  /** What was written, to be read; closing it removes the file. */
  source(name: string, fileName: string): Source {
    const { fd, bytes: size } = this
    return {
      name,
      fileName,
      size,
      fd,
      read: (at, into) => readFully(fd, at, into),
      close: () => closeSync(fd),
    }
  }

  close(): void {
    closeSync(this.fd)
  }

  private noRoom(room: number, needed: number): NoRoomError {
    const { directory, bytes } = this
    return new NoRoomError({
      message: `${directory} has no room for a temporary file: set TMPDIR to another directory`,
      expected: `at least ${bytes + needed} bytes`,
      found: `room for ${bytes + Math.max(room, 0)} bytes`,
    })
  }
}

function openNameless(directory: string): number {
  const path = join(directory, `etcdsnap-${randomBytes(12).toString('hex')}`)
  const windows = platform() === 'win32'
  try {
    const fd = openSync(path, NEW_AND_PRIVATE | (windows ? O_TEMPORARY : 0), 0o600)
    if (!windows) unlinkSync(path)
    return fd
  } catch (error) {
    if (!isSystemError(error)) throw error
    throw new NoRoomError({
      message: `no temporary file can be made in ${directory} (${wordsOf(error)}): set TMPDIR to another directory`,
    })
  }
}

/** Unlimited where the file system does not tell. */
function usableIn(directory: string): number {
  try {
    const { bsize, blocks, bavail } = statfsSync(directory)
    if (blocks === 0) return Number.POSITIVE_INFINITY
    const reserve = Math.min(blocks * bsize * RESERVED_SHARE, LARGEST_RESERVE)
    return Math.floor(bavail * bsize - reserve)
  } catch (error) {
    if (isSystemError(error)) return Number.POSITIVE_INFINITY
    throw error
  }
}
