import { type Uint64, uint64FromHalves } from '../proto/uint64.ts'
import { PAGE_HEADER_BYTES } from './page.ts'

/** Every field of a meta page, right or wrong. internal/common/meta.go @ bbolt v1.4.3. */
export interface MetaFields {
  readonly magic: number
  readonly version: number
  readonly pageSize: number
  readonly flags: number
  /** Page of the root bucket. */
  readonly root: Uint64
  readonly sequence: Uint64
  /** Page of the freelist; 2^64 - 1 where none was written. */
  readonly freelist: Uint64
  readonly highWaterMark: Uint64
  readonly txid: Uint64
}

/** @param at position of the page in `view` */
export function decodeMetaFields(view: DataView, at: number): MetaFields {
  const meta = at + PAGE_HEADER_BYTES
  const uint32 = (offset: number): number => view.getUint32(meta + offset, true)
  const uint64 = (offset: number): Uint64 => uint64FromHalves(uint32(offset + 4), uint32(offset))
  return {
    magic: uint32(0),
    version: uint32(4),
    pageSize: uint32(8),
    flags: uint32(12),
    root: uint64(16),
    sequence: uint64(24),
    freelist: uint64(32),
    highWaterMark: uint64(40),
    txid: uint64(48),
  }
}
