import { KERNEL } from './generated/kernel.js'

/** One page of WebAssembly memory. */
const WASM_PAGE = 64 * 1024

/** Where kernels keep their own data ends, and pages of the file begin. */
const PAGES_AT = 4 * WASM_PAGE

/** The largest page, with its overflow, that is ever held; etcd's values end at a few MiB. */
export const LARGEST_PAGE = 32 * 1024 * 1024

/** What `leaf` and `branch` leave behind; of the keys, the first and the last: kernel/page.ts. */
export const PAGE_FIELD = {
  fault: 0,
  contiguous: 1,
  start: 2,
  end: 3,
  buckets: 4,
  startBytes: 5,
  last: 6,
  lastBytes: 7,
} as const

/** What can be wrong with an element: kernel/page.ts. */
export const FAULT = { outside: 1, empty: 2, unordered: 3, flags: 4, overlapping: 5 } as const

interface Exports {
  readonly FIELDS: WebAssembly.Global
  leaf(page: number, bytes: number, from: number, count: number, follows: boolean): number
  branch(page: number, bytes: number, from: number, count: number, follows: boolean): number
  compare(a: number, aLength: number, b: number, bLength: number): number
  rowsCrc32c(page: number, from: number, to: number, seed: number): number
  rowsBytes(page: number, from: number, to: number): number
  crc32c(start: number, end: number, seed: number): number
}

let compiled: WebAssembly.Module | undefined

/**
 * The part of the bbolt codec that runs for every element, in WebAssembly, on pages that lie in its
 * memory. Codecs of what is inside the elements work in the same memory. Its sources are in kernel/.
 */
export class BoltKernel {
  readonly memory: WebAssembly.Memory
  readonly exports: Exports
  /** Where pages are read to. */
  readonly pagesAt: number = PAGES_AT
  /** How many bytes of pages can be held at a time. */
  readonly room: number
  private held: { bytes: Uint8Array; view: DataView; fields: Int32Array } | undefined

  /** @param fileBytes of the file: of a small one, the pages need no more room */
  constructor(fileBytes: number) {
    const most = Math.min(Math.max(fileBytes, WASM_PAGE), LARGEST_PAGE)
    this.room = Math.ceil(most / WASM_PAGE) * WASM_PAGE
    compiled ??= new WebAssembly.Module(Buffer.from(KERNEL, 'base64'))
    this.memory = new WebAssembly.Memory({ initial: (PAGES_AT + this.room) / WASM_PAGE })
    const imports = { env: { memory: this.memory } }
    this.exports = new WebAssembly.Instance(compiled, imports).exports as unknown as Exports
  }

  /** All memory; addresses are positions in it. Good until memory grows. */
  get bytes(): Uint8Array {
    return this.views().bytes
  }

  /** The same, for integers. */
  get view(): DataView {
    return this.views().view
  }

  /** The words that PAGE_FIELD names. */
  get fields(): Int32Array {
    return this.views().fields
  }

  /** The address of so many more bytes, zeroed, behind all that is in use. */
  reserve(bytes: number): number {
    return this.memory.grow(Math.ceil(bytes / WASM_PAGE)) * WASM_PAGE
  }

  private views(): { bytes: Uint8Array; view: DataView; fields: Int32Array } {
    const { buffer } = this.memory
    // Growing detaches the buffer that views were made of.
    if (this.held?.bytes.buffer !== buffer) {
      this.held = {
        bytes: new Uint8Array(buffer),
        view: new DataView(buffer),
        fields: new Int32Array(buffer, this.exports.FIELDS.value, 16),
      }
    }
    return this.held
  }
}
