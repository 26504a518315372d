/** A key inside something larger: its bytes are [from, to). */
export interface KeyRange {
  readonly bytes: Uint8Array
  readonly from: number
  readonly to: number
}

/** Orders the bytes [from, to) and a key as bbolt orders keys: negative, 0 or positive. */
export function compareKeys(bytes: Uint8Array, from: number, to: number, other: KeyRange): number {
  const length = to - from
  const otherLength = other.to - other.from
  const common = Math.min(length, otherLength)
  for (let at = 0; at < common; at++) {
    const difference = (bytes[from + at] as number) - (other.bytes[other.from + at] as number)
    if (difference !== 0) return difference
  }
  return length - otherLength
}
