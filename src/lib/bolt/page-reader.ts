import type { Source } from '../io/source.ts'
import type { BoltKernel } from './kernel.ts'

/** Pages that will be wanted soon are read together when they lie within so many bytes. */
const RUN_BYTES = 256 * 1024

/** Pages not wanted that are read along, rather than reading twice. */
const GAP_PAGES = 8

/** Reads pages of a bbolt file into the kernel's memory, neighbours in one read. */
export class PageReader {
  readonly source: Source
  readonly pageSize: number
  private readonly kernel: BoltKernel
  /** The pages held: ids [first, behind). */
  private first = 0
  private behind = 0

  constructor(source: Source, pageSize: number, kernel: BoltKernel) {
    this.source = source
    this.pageSize = pageSize
    this.kernel = kernel
  }

  /**
   * Makes `pages` pages from `id` on readable.
   *
   * @param soon ids that will be asked for, from position `at` on
   * @returns their address in the kernel's memory, or -1 when the file ends before they do, as one
   *   does before an id that no file has, or when they are more than fit into it
   */
  locate(id: number, pages: number, soon?: ArrayLike<number>, at = 0): number {
    const { kernel, pageSize, source } = this
    if (!Number.isSafeInteger(id * pageSize)) return -1
    if (id < this.first || id + pages > this.behind) {
      const wanted = Math.max(pages, soon === undefined ? 1 : this.runOf(id, soon, at))
      const bytes = Math.min(wanted * pageSize, kernel.room)
      if (pages * pageSize > bytes) return -1
      const into = kernel.bytes.subarray(kernel.pagesAt, kernel.pagesAt + bytes)
      const read = source.read(id * pageSize, into)
      this.first = id
      this.behind = id + Math.floor(read / pageSize)
      if (id + pages > this.behind) return -1
    }
    return kernel.pagesAt + (id - this.first) * pageSize
  }

  /** Puts bytes from elsewhere where pages are; what was held is gone. */
  place(bytes: Uint8Array): number {
    this.first = 0
    this.behind = 0
    this.kernel.bytes.set(bytes, this.kernel.pagesAt)
    return this.kernel.pagesAt
  }

  /** How many pages from `id` on hold the next ones wanted, few others between them. */
  private runOf(id: number, soon: ArrayLike<number>, at: number): number {
    const most = Math.floor(RUN_BYTES / this.pageSize)
    let last = id
    for (let next = at; next < soon.length; next++) {
      const page = soon[next] as number
      if (page < last || page > last + GAP_PAGES || page - id >= most) break
      last = page
    }
    // The last one may have overflow pages.
    return last - id + 1
  }
}
