import type { Source } from '../io/source.ts'
import type { KeyEntry } from './keyspace-entry.ts'

/** Reads values that entries only point at; the bytes are good until the next is read. */
export class ValueReader {
  private readonly source: Source
  private buffer = new Uint8Array(64 * 1024)

  constructor(source: Source) {
    this.source = source
  }

  /** Shorter than the value where the file has become so. */
  read({ value, valueBytes, valueOffset }: KeyEntry): Uint8Array {
    if (value) return value
    if (valueBytes > this.buffer.length) this.buffer = new Uint8Array(valueBytes)
    const into = this.buffer.subarray(0, valueBytes)
    if (valueBytes === 0) return into
    return into.subarray(0, this.source.read(valueOffset, into))
  }
}
