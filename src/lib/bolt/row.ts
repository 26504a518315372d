/** One key and value of a bucket, as views. */
export interface Row {
  /** A view, good until the next row is read. */
  readonly key: Uint8Array
  /** A view, good until the next row is read. */
  readonly value: Uint8Array
  /** The leaf page that holds it. */
  readonly page: number
  /** File offset of the key's first byte. */
  readonly offset: number
}
