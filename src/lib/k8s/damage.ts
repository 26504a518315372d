/** Where a value stops being what its beginning says it is. */
export interface ValueDamage {
  /** Offset in the value, in bytes. */
  readonly at: number
  readonly reason: string
}
