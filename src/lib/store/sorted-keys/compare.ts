/** Compares `a[aStart, aEnd)` with `b[bStart, bEnd)` in byte order: negative, 0 or positive. */
export function compareKeys(
  a: Uint8Array,
  aStart: number,
  aEnd: number,
  b: Uint8Array,
  bStart: number,
  bEnd: number,
): number {
  const length = aEnd - aStart - (bEnd - bStart)
  const most = length < 0 ? aEnd - aStart : bEnd - bStart
  for (let at = 0; at < most; at++) {
    const difference = (a[aStart + at] as number) - (b[bStart + at] as number)
    if (difference !== 0) return difference
  }
  return length
}
