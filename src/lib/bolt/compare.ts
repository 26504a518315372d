/** Orders two byte strings as bbolt orders keys: negative, 0 or positive. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const common = Math.min(a.length, b.length)
  for (let at = 0; at < common; at++) {
    const difference = (a[at] as number) - (b[at] as number)
    if (difference !== 0) return difference
  }
  return a.length - b.length
}

/** The same for the bytes [from, to) of `memory`, which need no view of their own. */
export function compareRange(
  memory: Uint8Array,
  from: number,
  to: number,
  other: Uint8Array,
): number {
  const common = Math.min(to - from, other.length)
  for (let at = 0; at < common; at++) {
    const difference = (memory[from + at] as number) - (other[at] as number)
    if (difference !== 0) return difference
  }
  return to - from - other.length
}
