import { fnv1a64 } from '../checksum/fnv1a.ts'
import { type Uint64, uint64FromHalves } from '../proto/uint64.ts'
import { PAGE_HEADER_BYTES } from './page.ts'

/** The meta behind the page header, checksum included. bbolt internal/common/meta.go @ v1.4.3. */
const META_BYTES = 64

/** A meta page's bytes that matter. */
export const META_PAGE_BYTES = PAGE_HEADER_BYTES + META_BYTES

const MAGIC = 0xed0cdaed
const VERSION = 2

/** In place of a freelist's page: none was written, as etcd has it on Linux. */
const NO_FREELIST = 0xffff_ffff_ffff_ffffn

/** What one of the two meta pages says. All integers are little endian. */
export interface BoltMeta {
  readonly pageSize: number
  /** Page of the root bucket. */
  readonly root: Uint64
  /** Page of the freelist; undefined when none was written. */
  readonly freelist?: Uint64
  /** Number of pages ever used: the first id that is free at the end of the file. */
  readonly highWaterMark: Uint64
  readonly txid: Uint64
}

/**
 * Why a meta page is of no use: in bbolt's words but for the last, which bbolt does not ask about and
 * dies of.
 */
export type MetaFault =
  | 'invalid database'
  | 'version mismatch'
  | 'checksum error'
  | 'impossible page size'

/** A meta page, judged by itself. */
export interface MetaPage {
  readonly meta: BoltMeta
  readonly fault?: MetaFault
  readonly checksum: { readonly stored: bigint; readonly computed: bigint }
}

/** Whether these bytes begin with a meta page, damaged or not: its magic is in place. */
export function hasMagic(page: Uint8Array): boolean {
  return page.length >= META_PAGE_BYTES && view(page).getUint32(PAGE_HEADER_BYTES, true) === MAGIC
}

/**
 * Decodes a meta page and judges it as bbolt does: magic, version, checksum.
 *
 * @param page at least META_PAGE_BYTES
 */
export function decodeMetaPage(page: Uint8Array): MetaPage {
  const meta = new DataView(page.buffer, page.byteOffset + PAGE_HEADER_BYTES, META_BYTES)
  const stored = meta.getBigUint64(56, true)
  const computed = fnv1a64(page.subarray(PAGE_HEADER_BYTES, PAGE_HEADER_BYTES + 56))
  const freelist = meta.getBigUint64(32, true)
  const pageSize = meta.getUint32(8, true)
  const fault =
    faultOf(meta.getUint32(0, true), meta.getUint32(4, true), stored === computed) ??
    (isPageSize(pageSize) ? undefined : 'impossible page size')
  return {
    meta: {
      pageSize,
      root: uint64(meta, 16),
      ...(freelist === NO_FREELIST ? {} : { freelist: uint64(meta, 32) }),
      highWaterMark: uint64(meta, 40),
      txid: uint64(meta, 48),
    },
    ...(fault ? { fault } : {}),
    checksum: { stored, computed },
  }
}

function faultOf(magic: number, version: number, checksumOk: boolean): MetaFault | undefined {
  if (magic !== MAGIC) return 'invalid database'
  if (version !== VERSION) return 'version mismatch'
  return checksumOk ? undefined : 'checksum error'
}

/** A power of two, of those at which bbolt looks for the second meta page: 1 KiB to 16 MiB. */
function isPageSize(pageSize: number): boolean {
  return pageSize >= 1 << 10 && pageSize <= 1 << 24 && (pageSize & (pageSize - 1)) === 0
}

function uint64(meta: DataView, at: number): Uint64 {
  return uint64FromHalves(meta.getUint32(at + 4, true), meta.getUint32(at, true))
}

function view(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
