/** Makes artefacts that no etcd would write: valid where it pleases us, hostile elsewhere. */
import { crc32c } from './etcd-reader.ts'

export function varint(value: number | bigint): Buffer {
  const bytes: number[] = []
  let rest = BigInt.asUintN(64, BigInt(value))
  for (; rest > 0x7fn; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80)
  return Buffer.from([...bytes, Number(rest)])
}

/** A field with a number, or with bytes. */
export function field(number: number, value: number | bigint | Uint8Array): Buffer {
  if (typeof value === 'object') {
    return Buffer.concat([varint((number << 3) | 2), varint(value.length), value])
  }
  return Buffer.concat([varint(number << 3), varint(value)])
}

/** The length field of a frame as etcd's encoder writes it. */
export function lengthField(length: number | bigint, padding = 0): Buffer {
  const bytes = Buffer.alloc(8)
  const top = padding === 0 ? 0n : BigInt(0x80 | padding) << 56n
  bytes.writeBigUInt64LE(top | BigInt.asUintN(56, BigInt(length)))
  return bytes
}

/** Frames whose checksums are right, one after another. */
export class Segment {
  private readonly pieces: Buffer[] = []
  private run = 0

  /** Begins as every first segment does. */
  static begin(): Segment {
    const metadata = Buffer.concat([field(1, 1), field(2, 2)])
    const initial = Buffer.concat([field(1, 0), field(2, 0)])
    return new Segment().record(4).record(1, metadata).record(5, initial)
  }

  get bytes(): Buffer {
    return Buffer.concat(this.pieces)
  }

  record(type: number, data?: Uint8Array): this {
    if (type !== 4) this.run = crc32c(this.run, data ?? Buffer.alloc(0))
    const head = [field(1, type), field(2, this.run)]
    return this.frame(Buffer.concat(data ? [...head, field(3, data)] : head))
  }

  entry(index: number | bigint, data?: Uint8Array, type = 0): this {
    const head = [field(1, type), field(2, 1), field(3, index)]
    return this.record(2, Buffer.concat(data ? [...head, field(4, data)] : head))
  }

  /** A frame around any bytes. */
  frame(record: Buffer): this {
    const padding = (8 - (record.length % 8)) % 8
    return this.raw(lengthField(record.length, padding), record, Buffer.alloc(padding))
  }

  raw(...bytes: Buffer[]): this {
    this.pieces.push(...bytes)
    return this
  }
}

/** A .snap around any inner message, with the right checksum. */
export function snapOf(inner: Buffer): Buffer {
  return Buffer.concat([field(1, crc32c(0, inner)), field(2, inner)])
}

/** The inner message: any v2 store, at index 2 of term 1. */
export function innerOf(store: Buffer, confState: Buffer = field(1, 1)): Buffer {
  const metadata = Buffer.concat([field(1, confState), field(2, 2), field(3, 1)])
  return Buffer.concat([field(1, store), field(2, metadata)])
}
