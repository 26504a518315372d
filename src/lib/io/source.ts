import { basename } from 'node:path'

/** Bytes at rest: what every codec reads from, and nothing else. Positions are byte offsets. */
export interface Source {
  /** The path as the user gave it; it appears in findings. */
  readonly name: string
  /** What the file is called, when that is not the last part of `name`: see `fileNameOf`. */
  readonly fileName?: string
  /** Length in bytes when the source was opened, or last measured. */
  readonly size: number
  /** The open file, for a worker thread to read from as well; absent for bytes in memory. */
  readonly fd?: number
  /**
   * Fills `into` from offset `at`.
   *
   * @returns the bytes read: fewer than `into.length` only where the source ends.
   */
  read(at: number, into: Uint8Array): number
  /** Takes the length as it is now: a running etcd makes its db longer. */
  measure?(): void
  /** Whether somebody wrote to it since it was opened; absent where nobody can. */
  changed?(): boolean
  close(): void
}

/** The name that etcd gave the file, from which ids are read: without `.gz`, or as in an archive. */
export function fileNameOf({ name, fileName }: Source): string {
  return fileName ?? basename(name)
}

/** A source over bytes in memory; codecs are tested with it. */
export class MemorySource implements Source {
  readonly name: string
  readonly size: number
  private readonly bytes: Uint8Array

  constructor(name: string, bytes: Uint8Array) {
    this.name = name
    this.size = bytes.length
    this.bytes = bytes
  }

  read(at: number, into: Uint8Array): number {
    const chunk = this.bytes.subarray(at, at + into.length)
    into.set(chunk)
    return chunk.length
  }

  close(): void {}
}
