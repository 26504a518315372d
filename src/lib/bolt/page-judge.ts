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
  [FAULT.flags]: { id: 'DB_ELEMENT_FLAGS', text: 'has flags that bbolt does not know' },
}

/** Looks at every element of a branch or leaf page, and reports each that is not as it should be. */
export function judgePage(
  kernel: BoltKernel,
  kind: 'branch' | 'leaf',
  page: JudgedPage,
  findings: PageFindings,
): Elements {
  const { at, bytes } = page
  const count = judgeCount(kernel, kind, page, findings)
  const judge = kernel.exports[kind]
  const { fields } = kernel
  let element = judge(at, bytes, 0, count, false)
  if (element === count) {
    const contiguous = kind === 'leaf' && fields[PAGE_FIELD.contiguous] === 1
    return {
      runs: [0, count],
      start: contiguous ? (fields[PAGE_FIELD.start] as number) : 0,
      end: contiguous ? (fields[PAGE_FIELD.end] as number) : 0,
      buckets: kind === 'leaf' ? (fields[PAGE_FIELD.buckets] as number) : 0,
      count,
    }
  }
  const runs: number[] = []
  let from = 0
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
    // Out of order is still inside the page, and so readable.
    const readable = fault === FAULT.unordered
    const behind = readable ? element + 1 : element
    if (behind > from) runs.push(from, behind)
    from = element + 1
    element = judge(at, bytes, from, count, readable)
  }
  if (count > from) runs.push(from, count)
  return { runs, start: 0, end: 0, buckets: 0, count }
}

/** As many elements as there is room for: before the first key, and before the end of the page. */
function judgeCount(
  kernel: BoltKernel,
  kind: 'branch' | 'leaf',
  { at, bytes, count, place }: JudgedPage,
  findings: PageFindings,
): number {
  if (count === 0) return 0
  const inPage = Math.floor((bytes - PAGE_HEADER_BYTES) / ELEMENT_BYTES)
  // bbolt puts the first key right behind the last element.
  const decode = kind === 'leaf' ? decodeLeafElement : decodeBranchElement
  const { keyAt } = decode(kernel.view, at, 0)
  const beforeKey = Math.floor((keyAt - at - PAGE_HEADER_BYTES) / ELEMENT_BYTES)
  const most = Math.min(inPage, beforeKey === 0 ? inPage : beforeKey)
  if (count <= most) return count
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
