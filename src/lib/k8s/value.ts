import { isCbor, readCborObject } from './cbor-object.ts'
import type { ValueDamage } from './damage.ts'
import { type EncryptedValue, isEncrypted, readEncrypted } from './encrypted.ts'
import { isEnvelope } from './envelope.ts'
import { isJsonObject, readJsonObject } from './json-object.ts'
import { identityOf, type ObjectHead } from './object-head.ts'
import type { ObjectIdentity } from './object-identity.ts'
import { readProtobufObject } from './protobuf-object.ts'

/** A value in one of the encodings that an apiserver stores objects in. */
export interface ObjectValue {
  readonly encoding: 'protobuf' | 'json' | 'cbor'
  /** Absent when the value names no kind: JSON of somebody else's, or damage in front of it. */
  readonly object?: ObjectIdentity
  /** Where the value is cut or broken; `object` is then what stands whole in front of that. */
  readonly damage?: ValueDamage
}

/** Bytes of which nothing says that Kubernetes wrote them. */
export interface UnknownValue {
  readonly encoding: 'unknown'
}

export type ValueIdentity = ObjectValue | EncryptedValue | UnknownValue

const UNKNOWN: UnknownValue = { encoding: 'unknown' }

/**
 * Tells what a value is, from its own bytes alone: there is no table of kinds behind it, and nothing
 * is guessed from the key. Text that begins like JSON, but is none and names no kind, is unknown.
 */
export function describeValue(value: Uint8Array): ValueIdentity {
  if (isEnvelope(value)) return objectValue('protobuf', readProtobufObject(value))
  if (isEncrypted(value)) return readEncrypted(value) ?? UNKNOWN
  if (isCbor(value)) return objectValue('cbor', readCborObject(value))
  if (!isJsonObject(value)) return UNKNOWN
  const json = objectValue('json', readJsonObject(value))
  return json.damage && !json.object ? UNKNOWN : json
}

function objectValue(encoding: ObjectValue['encoding'], head: ObjectHead): ObjectValue {
  const object = identityOf(head)
  return { encoding, ...(object && { object }), ...(head.damage && { damage: head.damage }) }
}
