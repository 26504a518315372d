import type { EncryptedValue } from './encrypted.ts'
import type { ObjectIdentity } from './object-identity.ts'

/** Where a value stops being what its beginning says it is. */
export interface ValueDamage {
  /** Offset in the value, in bytes. */
  readonly at: number
  readonly reason: string
}

/** An object in one of the encodings that an apiserver stores. */
export interface ObjectValue {
  readonly encoding: 'protobuf' | 'json' | 'cbor'
  /** Absent when the value names no kind: JSON of somebody else's, or damage in front of it. */
  readonly object?: ObjectIdentity
  readonly damage?: ValueDamage
}

/** Bytes of which nothing says that Kubernetes wrote them. */
export interface UnknownValue {
  readonly encoding: 'unknown'
}

/** What a value says of itself. */
export type ValueIdentity = ObjectValue | EncryptedValue | UnknownValue

/**
 * Tells what a value is, from its own bytes alone: no table of kinds, no guess from the key.
 */
export function describeValue(_value: Uint8Array): ValueIdentity {
  return { encoding: 'unknown' }
}
