import { type Uint64, uint64FromHalves } from '../proto/uint64.ts'

/** Bytes of a page's header, and of one element in a branch or leaf page. */
export const PAGE_HEADER_BYTES = 16
export const ELEMENT_BYTES = 16

/** What a page's flags say that it is. bbolt internal/common/page.go @ v1.4.3. */
export const PAGE_FLAG = { branch: 0x01, leaf: 0x02, meta: 0x04, freelist: 0x10 } as const

/** A leaf element with this flag is a bucket. bbolt internal/common/page.go @ v1.4.3. */
export const BUCKET_FLAG = 0x01

/** The header: id u64, flags u16, count u16, overflow u32, little endian. */
export interface PageHeader {
  /** Its own id, which must be its position. */
  readonly id: Uint64
  readonly flags: number
  /** Elements; of a freelist 0xffff means that the first id is the count. */
  readonly count: number
  /** Further pages that belong to it. */
  readonly overflow: number
}

/** Where in a page's header the number of elements is: a u16. */
export const COUNT_AT = 10

/** @param at position of the page in `view` */
export function decodePageHeader(view: DataView, at: number): PageHeader {
  return {
    id: uint64FromHalves(view.getUint32(at + 4, true), view.getUint32(at, true)),
    flags: view.getUint16(at + 8, true),
    count: view.getUint16(at + 10, true),
    overflow: view.getUint32(at + 12, true),
  }
}

/** One element of a leaf page; positions are in the memory that holds the page. */
export interface LeafElement {
  readonly flags: number
  readonly keyAt: number
  readonly keyBytes: number
  readonly valueAt: number
  readonly valueBytes: number
}

/** Element `index` of the leaf page at `at`: flags u32, pos u32, ksize u32, vsize u32. */
export function decodeLeafElement(view: DataView, at: number, index: number): LeafElement {
  const element = at + PAGE_HEADER_BYTES + index * ELEMENT_BYTES
  const keyAt = element + view.getUint32(element + 4, true)
  const keyBytes = view.getUint32(element + 8, true)
  const valueBytes = view.getUint32(element + 12, true)
  const flags = view.getUint32(element, true)
  return { flags, keyAt, keyBytes, valueAt: keyAt + keyBytes, valueBytes }
}

/** One element of a branch page: the first key below a child, and the child. */
export interface BranchElement {
  readonly keyAt: number
  readonly keyBytes: number
  readonly child: Uint64
}

/** Element `index` of the branch page at `at`: pos u32, ksize u32, pgid u64. */
export function decodeBranchElement(view: DataView, at: number, index: number): BranchElement {
  const element = at + PAGE_HEADER_BYTES + index * ELEMENT_BYTES
  return {
    keyAt: element + view.getUint32(element, true),
    keyBytes: view.getUint32(element + 4, true),
    child: uint64FromHalves(view.getUint32(element + 12, true), view.getUint32(element + 8, true)),
  }
}
