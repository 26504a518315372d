import type { BoltKernel } from '../bolt/kernel.ts'
import { KERNEL } from './generated/kernel.js'

/** Words that the host sets before a scan and reads behind it: kernel/fields.ts. */
export const SCAN_FIELD = {
  limit: 0,
  compacted: 2,
  last: 4,
  records: 6,
  tombstones: 7,
  live: 8,
  keys: 9,
  fault: 10,
  partial: 11,
} as const

/** Why a scan stops at a row: kernel/scan.ts. */
export const ROW_FAULT = { noRevision: 1, undecodable: 2 } as const

/** What the kernel asks its host. */
export interface KernelHost {
  /** Whether two rows, each by its leaf's number and its element, are of the same key. */
  isSameKey(leaf: number, element: number, otherLeaf: number, otherElement: number): boolean
}

interface Exports {
  readonly FIELDS: WebAssembly.Global
  roomBytes(mostRows: number, waitingBytes: number, copyBytes: number): number
  begin(
    table: number,
    room: number,
    mostRows: number,
    waitingBytes: number,
    copyBytes: number,
    marks: number,
    random: number,
  ): void
  settle(): void
  scan(page: number, from: number, to: number, leaf: number): number
  hashRows(
    page: number,
    from: number,
    to: number,
    leaf: number,
    crc: number,
    all: boolean,
    deleted: boolean,
  ): number
  combine(first: number, second: number, length: number): number
}

let compiled: WebAssembly.Module | undefined

/**
 * The part of etcd's schema that runs for every row, in WebAssembly, in the memory of the bbolt
 * kernel. Its sources are in kernel/.
 */
export class StoreKernel {
  readonly exports: Exports
  private readonly bolt: BoltKernel

  constructor(bolt: BoltKernel, host: KernelHost) {
    compiled ??= new WebAssembly.Module(Buffer.from(KERNEL, 'base64'))
    this.bolt = bolt
    const isSameKey = (a: number, b: number, c: number, d: number): boolean =>
      // WebAssembly hands out signed words.
      host.isSameKey(a >>> 0, b >>> 0, c >>> 0, d >>> 0)
    const imports = { env: { memory: bolt.memory, isSameKey } }
    this.exports = new WebAssembly.Instance(compiled, imports).exports as unknown as Exports
  }

  get(field: keyof typeof SCAN_FIELD): number {
    return this.bolt.view.getUint32(this.addressOf(field), true)
  }

  getUint64(field: keyof typeof SCAN_FIELD): bigint {
    return this.bolt.view.getBigUint64(this.addressOf(field), true)
  }

  setUint64(field: keyof typeof SCAN_FIELD, value: bigint): void {
    this.bolt.view.setBigUint64(this.addressOf(field), value, true)
  }

  private addressOf(field: keyof typeof SCAN_FIELD): number {
    return this.exports.FIELDS.value + 4 * SCAN_FIELD[field]
  }
}
