import { KERNEL } from './generated/kernel.js'

/** One page of WebAssembly memory. */
const PAGE = 64 * 1024

/** What `frame` returns: see kernel/frame.ts. */
export const FRAME = { record: 0, zero: 1, undecodable: 2, notHeld: 3 } as const

/** Where `frame`, `entry` and `request` leave what they read, as 32-bit words: kernel/fields.ts. */
export const FIELD = {
  recordType: 0,
  crc: 1,
  dataStart: 2,
  dataEnd: 3,
  padding: 4,
  recordLength: 5,
  entryType: 8,
  term: 10,
  index: 12,
  payloadStart: 14,
  payloadEnd: 15,
  request: 16,
  plainEnd: 17,
  plainRun: 18,
  plainStates: 19,
  stateStart: 20,
  stateEnd: 21,
} as const

interface Exports {
  readonly memory: WebAssembly.Memory
  readonly FIELDS: WebAssembly.Global
  readonly OUTPUT: WebAssembly.Global
  readonly COUNTS: WebAssembly.Global
  readonly HEAD: WebAssembly.Global
  readonly MIDDLE: WebAssembly.Global
  frame(at: number, held: number): number
  entry(start: number, end: number): number
  entryHead(start: number, held: number, end: number): number
  request(start: number, end: number): void
  plainEntries(
    at: number,
    held: number,
    run: number,
    index: number,
    term: number,
    fields: number,
  ): number
  entryLine(start: number, end: number, index: number, offset: number, bytes: number): number
  gathered(): number
  take(): number
  recordHead(start: number, held: number, length: number): number
  crc32c(start: number, end: number, seed: number): number
}

let compiled: WebAssembly.Module | undefined

/**
 * The part of the WAL codec that runs for every record: frames, records, entry heads and their
 * CRC-32C, in WebAssembly, on bytes that lie in its own memory. Its sources are in kernel/.
 */
export class Kernel {
  readonly exports: Exports
  /** The words that FIELD names. */
  fields: Int32Array
  /** All memory; addresses in `fields` are positions in it. */
  bytes: Uint8Array
  /** Where the buffer that the host fills begins. */
  private readonly base: number

  constructor() {
    compiled ??= new WebAssembly.Module(Buffer.from(KERNEL, 'base64'))
    this.exports = new WebAssembly.Instance(compiled, {}).exports as unknown as Exports
    this.base = this.exports.memory.buffer.byteLength
    this.bytes = this.viewBytes()
    this.fields = this.viewFields()
  }

  /** A buffer of this many bytes in the kernel's memory; the one before is gone. */
  allocate(capacity: number): Uint8Array {
    const { memory } = this.exports
    const missing = this.base + capacity - memory.buffer.byteLength
    if (missing > 0) memory.grow(Math.ceil(missing / PAGE))
    this.bytes = this.viewBytes()
    this.fields = this.viewFields()
    return this.bytes.subarray(this.base, this.base + capacity)
  }

  /** How many plain entries were passed for each field number; the counting starts over. */
  takeCounts(): readonly number[] {
    const counts = new Uint32Array(this.bytes.buffer, this.exports.COUNTS.value, 32)
    const taken = [...counts]
    counts.fill(0)
    return taken
  }

  /** Puts ASCII text into the memory as the kernel keeps its literals: length, then characters. */
  writeLiteral(at: number, text: string): void {
    new DataView(this.bytes.buffer).setUint32(at, text.length, true)
    this.bytes.set(Buffer.from(text), at + 4)
  }

  private viewBytes(): Uint8Array {
    return new Uint8Array(this.exports.memory.buffer)
  }

  private viewFields(): Int32Array {
    return new Int32Array(this.exports.memory.buffer, this.exports.FIELDS.value, 22)
  }
}
