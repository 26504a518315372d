/** Orders two byte strings as bbolt orders keys: negative, 0 or positive. */
export function compare(a: usize, aLength: u32, b: usize, bLength: u32): i32 {
  const common = min(aLength, bLength)
  let at: u32 = 0
  while (at + 8 <= common) {
    const left = bswap(load<u64>(a + at))
    const right = bswap(load<u64>(b + at))
    if (left !== right) return left < right ? -1 : 1
    at += 8
  }
  while (at < common) {
    const difference = <i32>load<u8>(a + at) - <i32>load<u8>(b + at)
    if (difference !== 0) return difference
    at++
  }
  return <i32>aLength - <i32>bLength
}
