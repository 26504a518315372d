/** The SHA-256 that `snapshot save` puts behind the pages, held against the file's content. */
export interface Sha256Trailer {
  readonly present: boolean
  /** 64 hex digits, like `computed`: the last 32 bytes of the file. */
  readonly stored?: string
  /** Of everything before them. */
  readonly computed?: string
  readonly ok?: boolean
  /** Why it is missing or wrong, as far as the bytes tell. */
  readonly reason?: string
}
