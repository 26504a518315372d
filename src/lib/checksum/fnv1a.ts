const OFFSET_BASIS = 0xcbf29ce484222325n
const PRIME = 0x100000001b3n

/** FNV-1a, 64 bits, as Go's hash/fnv `New64a`: the checksum of bbolt's meta pages. */
export function fnv1a64(bytes: Uint8Array): bigint {
  let hash = OFFSET_BASIS
  for (const byte of bytes) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * PRIME)
  return hash
}
