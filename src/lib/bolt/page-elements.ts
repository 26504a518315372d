import type { Uint64 } from '../proto/uint64.ts'
import type { BoltDb, LoadedPage } from './bolt-db.ts'
import {
  decodeBranchElement,
  decodeLeafElement,
  ELEMENT_BYTES,
  PAGE_FLAG,
  PAGE_HEADER_BYTES,
} from './page.ts'

/** An element of a branch or leaf page as it stands there, right or wrong. */
export interface PageElement {
  readonly index: number
  /** Of the key, from the start of the page. */
  readonly position: number
  readonly keyBytes: number
  readonly valueBytes: number
  /** Views, good until the next page is read; absent when they are not inside the page. */
  readonly key?: Uint8Array
  readonly value?: Uint8Array
  /** Of a leaf page's element. */
  readonly flags?: number
  /** Of a branch page's element. */
  readonly child?: Uint64
}

/** The elements of a branch or leaf page, as many as it has room for, none of any other page. */
export function* elementsOn(
  { kernel }: BoltDb,
  { at, bytes, header }: LoadedPage,
  from = 0,
  to: number = header.count,
): Generator<PageElement, undefined> {
  const { view } = kernel
  const isLeaf = header.flags === PAGE_FLAG.leaf
  if (!isLeaf && header.flags !== PAGE_FLAG.branch) return undefined
  const room = Math.floor((bytes - PAGE_HEADER_BYTES) / ELEMENT_BYTES)
  for (let index = Math.max(0, from); index < Math.min(to, header.count, room); index++) {
    if (isLeaf) {
      const { flags, keyAt, keyBytes, valueBytes } = decodeLeafElement(view, at, index)
      yield {
        index,
        flags,
        ...sliceOf(kernel.bytes, { at, bytes }, { keyAt, keyBytes, valueBytes }),
      }
    } else {
      const { keyAt, keyBytes, child } = decodeBranchElement(view, at, index)
      const place = { keyAt, keyBytes, valueBytes: 0 }
      yield { index, child, ...sliceOf(kernel.bytes, { at, bytes }, place) }
    }
  }
  return undefined
}

function sliceOf(
  memory: Uint8Array,
  { at, bytes }: Pick<LoadedPage, 'at' | 'bytes'>,
  { keyAt, keyBytes, valueBytes }: { keyAt: number; keyBytes: number; valueBytes: number },
): Omit<PageElement, 'index'> {
  const sizes = { position: keyAt - at, keyBytes, valueBytes }
  const valueAt = keyAt + keyBytes
  const end = at + bytes
  return {
    ...sizes,
    ...(keyAt >= at && valueAt <= end ? { key: memory.subarray(keyAt, valueAt) } : {}),
    ...(keyAt >= at && valueAt + valueBytes <= end
      ? { value: memory.subarray(valueAt, valueAt + valueBytes) }
      : {}),
  }
}

/** Bytes from the start of a page to the end of its last element, as bbolt counts what is in use. */
export function usedOn(db: BoltDb, page: LoadedPage): number {
  const { count } = page.header
  const { value: last } = elementsOn(db, page, count - 1).next()
  return last ? last.position + last.keyBytes + last.valueBytes : PAGE_HEADER_BYTES
}
