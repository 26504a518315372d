/** Bits of the hash that one pass goes by, and the passes. */
const BITS: u32 = 11
const BUCKETS: u32 = 1 << BITS
const PASSES: u32 = 3

const ENTRY: u32 = 16

/** By pass and bucket: how many entries, then where the next one goes. */
const PLACES: usize = heap.alloc(PASSES * BUCKETS * 4)

// @ts-expect-error: decorator
@inline
function bucket(hash: u32, pass: u32): u32 {
  return (hash >>> (pass * BITS)) & (BUCKETS - 1)
}

/**
 * Sorts entries of 16 bytes, which begin with a hash u32, by it; equal ones keep their order. An odd
 * number of passes leaves them in `other`.
 *
 * @param other as much room again
 * @returns where they are
 */
export function sortByHash(entries: usize, other: usize, count: u32): usize {
  memory.fill(PLACES, 0, PASSES * BUCKETS * 4)
  for (let index: u32 = 0; index < count; index++) {
    const hash = load<u32>(entries + index * ENTRY)
    for (let pass: u32 = 0; pass < PASSES; pass++) {
      const at = PLACES + ((pass * BUCKETS + bucket(hash, pass)) << 2)
      store<u32>(at, load<u32>(at) + 1)
    }
  }
  let from = entries
  let to = other
  for (let pass: u32 = 0; pass < PASSES; pass++) {
    const places = PLACES + ((pass * BUCKETS) << 2)
    let place: u32 = 0
    for (let each: u32 = 0; each < BUCKETS; each++) {
      const at = places + (each << 2)
      const size = load<u32>(at)
      store<u32>(at, place)
      place += size
    }
    for (let index: u32 = 0; index < count; index++) {
      const entry = from + index * ENTRY
      const at = places + (bucket(load<u32>(entry), pass) << 2)
      const target = to + load<u32>(at) * ENTRY
      store<u32>(at, load<u32>(at) + 1)
      store<u64>(target, load<u64>(entry))
      store<u64>(target, load<u64>(entry, 8), 8)
    }
    const swapped = from
    from = to
    to = swapped
  }
  return from
}
