/** bbolt's sizes: internal/common/page.go @ v1.4.3. */
const HEADER_BYTES = 16
const ELEMENT_BYTES = 16

/** Rows a page has at least, and how full defragmentation packs it: node.go @ v1.4.3, backend.go @ v3.5.33. */
const LEAST_ROWS = 2
const FILL = 0.9

/** The key of a row in the key bucket. */
const REVISION_BYTES = 17

/** Meta pages and the page that lists the buckets. */
const FIXED_PAGES = 3

/**
 * Estimates how many pages the key bucket would have after a defragmentation, which writes all rows
 * into a new file, one page after the other.
 */
export class Packing {
  private readonly pageSize: number
  private leaves = 0
  private overflow = 0
  private rows = 0
  private bytes = HEADER_BYTES

  constructor(pageSize: number) {
    this.pageSize = pageSize
  }

  add(rowBytes: number): void {
    const bytes = ELEMENT_BYTES + rowBytes
    if (this.rows >= LEAST_ROWS && this.bytes + bytes > this.pageSize * FILL) this.close()
    this.rows += 1
    this.bytes += bytes
  }

  /**
   * Pages of the whole file.
   *
   * @param others pages of the other buckets
   */
  pages(others: number): number {
    if (this.rows > 0) this.close()
    return FIXED_PAGES + others + this.leaves + this.overflow + branches(this.leaves, this.pageSize)
  }

  private close(): void {
    this.leaves += 1
    this.overflow += Math.ceil(this.bytes / this.pageSize) - 1
    this.rows = 0
    this.bytes = HEADER_BYTES
  }
}

/** The branch pages above so many pages. */
function branches(below: number, pageSize: number): number {
  const perPage = Math.floor((pageSize * FILL - HEADER_BYTES) / (ELEMENT_BYTES + REVISION_BYTES))
  let pages = 0
  for (let level = below; level > 1; level = Math.ceil(level / perPage)) {
    pages += Math.ceil(level / perPage)
  }
  return pages
}
