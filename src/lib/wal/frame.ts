/** Every frame begins with its length, an int64 LE; the whole layout stands in kernel/frame.ts. */
export const LENGTH_BYTES = 8

/** Every frame that etcd writes starts at a multiple of this. */
export const ALIGNMENT = 8

/**
 * True when the length field at `bytes[at]` is one that etcd's encoder could have written: the top
 * byte says by how much the low one misses a multiple of 8.
 */
export function isWrittenByEtcd(bytes: Uint8Array, at: number): boolean {
  const padding = (ALIGNMENT - ((bytes[at] as number) & 7)) & 7
  return bytes[at + 7] === (padding === 0 ? 0 : 0x80 | padding)
}
