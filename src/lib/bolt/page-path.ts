import type { BoltDb } from './bolt-db.ts'
import { PAGE_FLAG } from './page.ts'
import { elementsOn } from './page-elements.ts'

/** Deeper trees do not exist: a branch page has two children at least, and page ids have 64 bits. */
const DEEPEST = 64

/**
 * The pages from a root to a page, both included; undefined when the tree does not lead there.
 *
 * @param root of a bucket, or of the tree that holds the buckets
 */
export function pathTo(db: BoltDb, root: number, target: number): number[] | undefined {
  const seen = new Uint8Array(db.pages)
  const path: number[] = []
  const search = (id: number): boolean => {
    if (id < 2 || id >= db.pages || seen[id] === 1 || path.length >= DEEPEST) return false
    seen[id] = 1
    path.push(id)
    if (id === target || childrenOf(db, id).some(search)) return true
    path.pop()
    return false
  }
  return search(root) ? path : undefined
}

/** How many levels a tree has, as its leftmost pages tell. */
export function depthOf(db: BoltDb, root: number): number {
  let depth = 0
  for (let id: number | undefined = root; id !== undefined && depth < DEEPEST; depth++) {
    id = childrenOf(db, id)[0]
  }
  return depth
}

function childrenOf(db: BoltDb, id: number): number[] {
  const page = db.page(id)
  if (page?.header.flags !== PAGE_FLAG.branch) return []
  return [...elementsOn(db, page)].map(({ child }) => Number(child))
}
