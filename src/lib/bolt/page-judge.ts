import type { FindingId } from '../findings/catalogue.ts'
import { type BoltKernel, FAULT, PAGE_FIELD } from './kernel.ts'
import {
  COUNT_AT,
  decodeBranchElement,
  decodeLeafElement,
  ELEMENT_BYTES,
  PAGE_HEADER_BYTES,
} from './page.ts'
import type { PageFindings, PagePlace } from './page-findings.ts'

/** A page whose elements are to be looked at. */
export interface JudgedPage {
  /** Address in the kernel's memory. */
  readonly at: number
  /** With its overflow. */
  readonly bytes: number
  /** Elements, as its header has it. */
  readonly count: number
  /** Made only when there is something to report. */
  readonly place: () => PagePlace
}

/** What of a page can be read: see Leaf. */
export interface Elements {
  readonly runs: readonly number[]
  readonly start: number
  readonly end: number
  /** How many of a leaf's elements are buckets; of a damaged page not counted. */
  readonly buckets: number
  /** Elements, readable or not. */
  readonly count: number
}

const FAULTS: Record<number, { readonly id: FindingId; readonly text: string }> = {
  [FAULT.outside]: { id: 'DB_ELEMENT_OUTSIDE', text: 'reaches out of its page' },
  [FAULT.empty]: { id: 'DB_KEY_EMPTY', text: 'has an empty key' },
  [FAULT.unordered]: { id: 'DB_KEY_ORDER', text: 'has a key that is not above the one before it' },
  [FAULT.overlapping]: {
    id: 'DB_ELEMENT_OUTSIDE',
    text: 'has a key or value where the one before it has its own',
  },
  [FAULT.flags]: { id: 'DB_ELEMENT_FLAGS', text: 'has flags that bbolt does not know' },
}

/** Looks at every element of a branch or leaf page, and reports each that is not as it should be. */
export function judgePage(
  kernel: BoltKernel,
  kind: 'branch' | 'leaf',
  page: JudgedPage,
  findings: PageFindings,
): Elements {
  const { at, bytes, count } = page
  const isSound =
    count <= roomOf(bytes) && kernel.exports[kind](at, bytes, 0, count, false) === count
  if (!isSound) return judgeDamaged(kernel, kind, page, findings)
  if (count > 0) judgeFirstKey(kernel, kind, page, findings)
  const { fields } = kernel
  const contiguous = kind === 'leaf' && fields[PAGE_FIELD.contiguous] === 1
  return {
    runs: [0, count],
    start: contiguous ? (fields[PAGE_FIELD.start] as number) : 0,
    end: contiguous ? (fields[PAGE_FIELD.end] as number) : 0,
    buckets: kind === 'leaf' ? (fields[PAGE_FIELD.buckets] as number) : 0,
    count,
  }
}

function judgeDamaged(
  kernel: BoltKernel,
  kind: 'branch' | 'leaf',
  page: JudgedPage,
  findings: PageFindings,
): Elements {
  const { at, bytes } = page
  const count = judgeCount(kernel, kind, page, findings)
  const judge = kernel.exports[kind]
  const { fields } = kernel
  const runs: number[] = []
  // Of what overlaps, no more is read than a page can hold.
  let room = bytes
  let from = 0
  let element = judge(at, bytes, 0, count, false)
  while (element < count) {
    const fault = fields[PAGE_FIELD.fault] as number
    const { id, text } = FAULTS[fault] as (typeof FAULTS)[number]
    const place = page.place()
    const offset = place.offset + PAGE_HEADER_BYTES + element * ELEMENT_BYTES
    findings.report(
      id,
      { ...place, offset, bytes: ELEMENT_BYTES },
      { message: `element ${element} of ${kind} page ${place.page} ${text}` },
    )
    const inside = isInside(fault)
    if (inside) room -= sizeOf(kernel, kind, at, element)
    const behind = inside && room >= 0 ? element + 1 : element
    if (behind > from) runs.push(from, behind)
    from = element + 1
    element = judge(at, bytes, from, count, inside)
  }
  if (count > from) runs.push(from, count)
  return { runs, start: 0, end: 0, buckets: 0, count }
}

/** Out of order, or overlapping, is still inside the page, and so readable. */
function isInside(fault: number): boolean {
  return fault === FAULT.unordered || fault === FAULT.overlapping
}

/** Bytes of an element's key and value. */
function sizeOf(kernel: BoltKernel, kind: 'branch' | 'leaf', at: number, index: number): number {
  if (kind === 'branch') return decodeBranchElement(kernel.view, at, index).keyBytes
  const { keyBytes, valueBytes } = decodeLeafElement(kernel.view, at, index)
  return keyBytes + valueBytes
}

/** How many elements a page has room for, keys and values aside. */
function roomOf(bytes: number): number {
  return Math.floor((bytes - PAGE_HEADER_BYTES) / ELEMENT_BYTES)
}

/**
 * For how many elements there is room before the first key, which bbolt puts right behind the last
 * element. Source: WriteInodeToPage in internal/common/inode.go @ v1.4.3.
 */
function elementsBefore(kernel: BoltKernel, kind: 'branch' | 'leaf', at: number): number {
  const element = at + PAGE_HEADER_BYTES
  const position = kernel.view.getUint32(element + (kind === 'leaf' ? 4 : 0), true)
  return Math.floor(position / ELEMENT_BYTES)
}

/** A page that is sound in itself may have lost its last elements. */
function judgeFirstKey(
  kernel: BoltKernel,
  kind: 'branch' | 'leaf',
  { at, count, place }: JudgedPage,
  findings: PageFindings,
): void {
  const written = elementsBefore(kernel, kind, at)
  if (written <= count) return
  const { page, offset, ...where } = place()
  findings.report(
    'DB_ELEMENT_MISSING',
    { ...where, page, offset: offset + COUNT_AT, bytes: 2 },
    {
      message: `${kind} page ${page} has fewer elements than it was written with`,
      expected: String(written),
      found: String(count),
    },
  )
}

/** As many elements as there are before the first key, when those behind it are none. */
function judgeCount(
  kernel: BoltKernel,
  kind: 'branch' | 'leaf',
  { at, bytes, count, place }: JudgedPage,
  findings: PageFindings,
): number {
  const room = roomOf(bytes)
  const first = elementsBefore(kernel, kind, at)
  const before = first > 0 ? Math.min(first, room) : room
  if (count <= before) return count
  // The others are elements: then it is the first key's place that is wrong.
  if (count <= room && kernel.exports[kind](at, bytes, before, count, false) === count) return count
  const most = before
  const { page, offset, ...where } = place()
  findings.report(
    'DB_ELEMENT_OUTSIDE',
    { ...where, page, offset: offset + COUNT_AT, bytes: 2 },
    {
      message: `page ${page} claims more elements than it has room for`,
      expected: `at most ${most}`,
      found: String(count),
    },
  )
  return most
}
