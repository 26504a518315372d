/** A half-open interval of keys in byte order; no end means every key from `start` on. */
export interface KeySpan {
  readonly start: Uint8Array
  readonly end?: Uint8Array
}

const NOTHING = new Uint8Array()

/**
 * The keys a request with this key and range_end is about. No range_end: the one key; a single
 * zero byte: every key from `key` on; anything else: [key, range_end), empty when that is not above.
 * server/etcdserver/txn/txn.go mkGteRange, server/storage/mvcc/kvstore_txn.go @ v3.6.14
 */
export function spanOf(key?: Uint8Array | null, rangeEnd?: Uint8Array | null): KeySpan {
  const start = key ?? NOTHING
  if (!rangeEnd?.length) return keySpan(start)
  return rangeEnd.length === 1 && rangeEnd[0] === 0 ? { start } : { start, end: rangeEnd }
}

/** One key: [key, key + a zero byte). */
export function keySpan(key: Uint8Array): KeySpan {
  const end = new Uint8Array(key.length + 1)
  end.set(key)
  return { start: key, end }
}

/** Every key that begins with `prefix`: up to the next sequence of its length, if there is one. */
export function prefixSpan(prefix: Uint8Array): KeySpan {
  const last = prefix.findLastIndex((byte) => byte < 0xff)
  if (last < 0) return { start: prefix }
  // A copy: slice would share the memory of a Buffer.
  const end = Uint8Array.from(prefix.subarray(0, last + 1))
  end[last] = (end[last] as number) + 1
  return { start: prefix, end }
}

/** Whether a key lies in both. */
export function overlap(a: KeySpan, b: KeySpan): boolean {
  const start = Buffer.compare(a.start, b.start) > 0 ? a.start : b.start
  return below(start, a.end) && below(start, b.end)
}

function below(key: Uint8Array, end: Uint8Array | undefined): boolean {
  return end === undefined || Buffer.compare(key, end) < 0
}
