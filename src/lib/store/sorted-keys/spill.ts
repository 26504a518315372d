import type { Source } from '../../io/source.ts'
import { Spool } from '../../io/spool.ts'

const BUFFER_BYTES = 256 * 1024

/**
 * What does not fit into memory: written once, then read back from anywhere. Its file has no name,
 * and is gone as soon as it is closed or the process ends.
 *
 * @throws NoRoomError where the temporary directory has no room
 */
export class Spill {
  private readonly spool = new Spool()
  private readonly buffer = new Uint8Array(BUFFER_BYTES)
  private held = 0
  private reading: Source | undefined

  /** Where the next byte will stand. */
  get position(): number {
    return this.spool.bytes + this.held
  }

  write(bytes: Uint8Array, start: number, end: number): void {
    if (this.held + end - start > BUFFER_BYTES) this.flush()
    if (end - start > BUFFER_BYTES) {
      this.spool.write(bytes.subarray(start, end))
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
    this.spool.write(this.buffer.subarray(0, this.held))
    this.held = 0
  }

  /** As `Source.read`, of what was flushed. */
  read(at: number, into: Uint8Array): number {
    this.reading ??= this.spool.source('', '')
    return this.reading.read(at, into)
  }

  close(): void {
    this.spool.close()
  }
}
