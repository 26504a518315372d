/** Data that is none of what an entry of its type may hold. */
export interface UndecodablePayload {
  readonly kind: 'undecodable'
  readonly reason: string
  /** Offset in the data. */
  readonly at: number
  readonly bytes: Uint8Array
}

export function undecodable(
  bytes: Uint8Array,
  { at, reason }: { at: number; reason: string },
): UndecodablePayload {
  return { kind: 'undecodable', reason, at, bytes }
}
