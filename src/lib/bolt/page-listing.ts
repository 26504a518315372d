import type { BoltDb } from './bolt-db.ts'
import { decodePageHeader, PAGE_FLAG, type PageHeader } from './page.ts'
import { elementsOn, type PageElement } from './page-elements.ts'
import type { PageMap, PageUse } from './page-map.ts'

/** What a page is; `unknown` when its flags are none that bbolt writes. */
export type PageKind = 'meta' | 'branch' | 'leaf' | 'freelist' | 'free' | 'overflow' | 'unknown'

/** A page of a file, in a list of all. Without a valid meta page nobody knows what it is used for. */
export interface ListedPage extends Partial<PageUse> {
  readonly id: number
  readonly kind: PageKind
  /** Elements, by its header; of pages that hold something, and are no overflow. */
  readonly elements?: number
  /** Further pages that belong to it. */
  readonly overflow?: number
  /** The page it belongs to. */
  readonly overflowOf?: number
  /** Of a branch or leaf page: views, good until the next page. */
  readonly first?: PageElement
  readonly last?: PageElement
}

/** Pages that are read together. */
const CHUNK = 64

/**
 * Lists the pages of a file in their order. Nothing is kept; what damage makes unreadable is left out.
 *
 * @param map undefined when no meta page is valid: then every page is what its header says
 */
export function* listPages(db: BoltDb, map: PageMap | undefined): Iterable<ListedPage> {
  const total = pagesOf(db)
  const ahead = new Float64Array(CHUNK)
  for (let id = 0; id < total; ) {
    ahead.forEach((_, at) => {
      ahead[at] = id + at
    })
    db.reader.locate(id, 1, ahead)
    for (const behind = Math.min(id + CHUNK, total); id < behind; ) {
      const use = map?.useOf(id)
      const page = listedPage(db, id, use)
      yield page
      // What nobody refers to says nothing of the pages behind it.
      const last = Math.min(id + (use?.reachable ? (page.overflow ?? 0) : 0), total - 1)
      for (let below = id + 1; below <= last; below++) {
        yield { id: below, kind: 'overflow', overflowOf: id, ...map?.useOf(below) }
      }
      id = last + 1
    }
  }
}

/** How many pages there are; without a valid meta page those that the file is long enough for. */
export function pagesOf({ meta, pages, source, reader }: BoltDb): number {
  return meta ? pages : Math.floor(source.size / reader.pageSize)
}

/** What a page's flags say that it is. */
export function kindOf({ flags }: Pick<PageHeader, 'flags'>): PageKind {
  const kinds = Object.entries(PAGE_FLAG) as [keyof typeof PAGE_FLAG, number][]
  return kinds.find(([, flag]) => flag === flags)?.[0] ?? 'unknown'
}

function listedPage(db: BoltDb, id: number, use: PageUse | undefined): ListedPage {
  if (use?.free && !use.reachable) return { id, kind: 'free', ...use }
  const at = db.reader.locate(id, 1)
  if (at < 0) return { id, kind: 'unknown', ...use }
  const header = decodePageHeader(db.kernel.view, at)
  const kind = kindOf(header)
  const { count: elements, overflow } = header
  const listed = { id, kind, elements, overflow, ...use }
  const page = kind === 'branch' || kind === 'leaf' ? db.page(id) : undefined
  if (page === undefined || elements === 0) return listed
  const { value: first } = elementsOn(db, page, 0, 1).next()
  const { value: last } = elementsOn(db, page, elements - 1).next()
  return { ...listed, ...(first ? { first } : {}), ...(last ? { last } : {}) }
}
