/** One of the file's buckets. */
export interface Bucket {
  /** As text; the bytes need not be any. */
  readonly name: string
  readonly nameBytes: Uint8Array
  /** Its place among the buckets, by which its pages are marked: see PageMarks. */
  readonly owner: number
  /** Root page of its tree, when it has one of its own. */
  readonly root?: number
  /**
   * A small bucket is one leaf page inside the value of its element: internal/common/inode.go,
   * Bucket.inlineable in bucket.go @ bbolt v1.4.3.
   */
  readonly inline?: { readonly page: number; readonly offset: number; readonly bytes: Uint8Array }
}

/** Marks pages of the root tree, meta pages and the freelist: of no bucket. */
export const NO_BUCKET = 254
