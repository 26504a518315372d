import type { SortedRecords } from './run.ts'
import type { Spill } from './spill.ts'

/** The two lengths in front of a record, as varints. */
const MOST_HEAD_BYTES = 10

/** A sorted run in a temporary file, read in pieces. */
export class SpilledRun implements SortedRecords {
  bytes: Uint8Array = new Uint8Array(0)
  keyStart = 0
  keyEnd = 0
  payloadEnd = 0
  private readonly spill: Spill
  /** The part of the file not yet read. */
  private from: number
  private readonly to: number
  /** The part of the buffer not yet handed out. */
  private at = 0
  private held = 0

  constructor(spill: Spill, from: number, to: number) {
    this.spill = spill
    this.from = from
    this.to = to
  }

  /** Writes a sorted run. */
  static write(records: SortedRecords, spill: Spill): SpilledRun {
    const from = spill.position
    while (records.next()) {
      const { bytes, keyStart, keyEnd, payloadEnd } = records
      spill.writeLength(keyEnd - keyStart)
      spill.writeLength(payloadEnd - keyEnd)
      spill.write(bytes, keyStart, payloadEnd)
    }
    spill.flush()
    return new SpilledRun(spill, from, spill.position)
  }

  /** Begins to read, by way of this memory. */
  open(buffer: Uint8Array): void {
    this.bytes = buffer
  }

  next(): boolean {
    this.fill(MOST_HEAD_BYTES)
    if (this.at >= this.held) return false
    const keyLength = this.readLength()
    const payloadLength = this.readLength()
    this.fill(keyLength + payloadLength)
    this.keyStart = this.at
    this.keyEnd = this.at + keyLength
    this.payloadEnd = this.keyEnd + payloadLength
    this.at = this.payloadEnd
    return true
  }

  /** Makes so many bytes readable, or all that are left. */
  private fill(wanted: number): void {
    if (this.held - this.at >= wanted || this.from === this.to) return
    const kept = this.bytes.subarray(this.at, this.held)
    // A record can be larger than the run's share of memory.
    const into = wanted > this.bytes.length ? new Uint8Array(wanted) : this.bytes
    into.set(kept)
    this.bytes = into
    this.at = 0
    this.held = kept.length
    const room = Math.min(into.length - this.held, this.to - this.from)
    const read = this.spill.read(this.from, into.subarray(this.held, this.held + room))
    this.from += read
    this.held += read
  }

  private readLength(): number {
    let value = 0
    for (let shift = 0; ; shift += 7) {
      const byte = this.bytes[this.at++] as number
      value |= (byte & 0x7f) << shift
      if (byte < 0x80) return value
    }
  }
}
