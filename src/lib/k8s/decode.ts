import { WIRE } from '../proto/cursor.ts'
import { type JsonValue, parseJson } from '../proto/json.ts'
import { cborReader, isCbor } from './cbor-object.ts'
import { readCborValue } from './cbor-value.ts'
import type { ValueDamage } from './damage.ts'
import { type EncryptedValue, isEncrypted, readEncrypted } from './encrypted.ts'
import { isEnvelope, readEnvelope } from './envelope.ts'
import { FieldReader } from './field-reader.ts'
import { isJsonObject } from './json-object.ts'
import { decodeObjectMeta } from './metadata.ts'
import type { UnknownValue } from './value.ts'
import { type WireField, wireTree } from './wire-tree.ts'

/** An object in protobuf, as far as it can be read without the schema of its kind. */
export interface DecodedProtobuf {
  readonly encoding: 'protobuf'
  readonly apiVersion: string
  readonly kind: string
  /** Field 1 as Kubernetes' JSON has it, when it is an ObjectMeta. */
  readonly metadata?: JsonValue
  /** All other fields, by number; field 1 too when it is none. */
  readonly fields: readonly WireField[]
  /** Present when raw is not plain protobuf: then there are no fields. */
  readonly contentEncoding?: string
  readonly contentType?: string
  readonly damage?: ValueDamage
}

export interface DecodedJson {
  readonly encoding: 'json' | 'cbor'
  readonly object: JsonValue
}

/** What begins like JSON or CBOR, and is not. */
export interface UndecodableValue {
  readonly encoding: 'json' | 'cbor'
  readonly damage: ValueDamage
}

export type DecodedValue =
  | DecodedProtobuf
  | DecodedJson
  | UndecodableValue
  | EncryptedValue
  | UnknownValue

/**
 * Decodes a value as far as its own bytes allow: JSON and CBOR whole, of protobuf the metadata by
 * name, since all kinds share it, and the rest by number.
 */
export function decodeValue(value: Uint8Array): DecodedValue {
  if (isEnvelope(value)) return decodeProtobuf(value)
  if (isEncrypted(value)) return readEncrypted(value) ?? { encoding: 'unknown' }
  if (isCbor(value)) return decodeCbor(value)
  return isJsonObject(value) ? decodeJson(value) : { encoding: 'unknown' }
}

function decodeProtobuf(value: Uint8Array): DecodedProtobuf {
  const envelope = readEnvelope(value)
  const { apiVersion, kind, contentEncoding, contentType, rawFrom, rawTo } = envelope
  const head = { encoding: 'protobuf', apiVersion, kind } as const
  const cut = envelope.damage && { damage: envelope.damage }
  if (contentEncoding !== '' || contentType !== '') {
    return { ...head, fields: [], contentEncoding, contentType, ...cut }
  }
  const { metadata, reader } = firstField(value, rawFrom, rawTo)
  const fields = wireTree(reader)
  const damage = envelope.damage ?? reader.damage
  return { ...head, ...(metadata && { metadata }), fields, ...(damage && { damage }) }
}

/** The metadata, and a reader behind it; at the beginning when field 1 is none, or a list. */
function firstField(value: Uint8Array, from: number, to: number) {
  const behind = new FieldReader(value, from, to)
  const metadata = nextIsFirst(behind) ? decodeObjectMeta(value, behind.from, behind.to) : undefined
  const rest = new FieldReader(value, behind.position, to)
  if (metadata === undefined || nextIsFirst(rest)) {
    return { metadata: undefined, reader: new FieldReader(value, from, to) }
  }
  return { metadata, reader: new FieldReader(value, behind.position, to) }
}

function nextIsFirst(reader: FieldReader): boolean {
  return reader.next() && reader.field === 1 && reader.wire === WIRE.bytes
}

function decodeJson(value: Uint8Array): DecodedJson | UndecodableValue {
  const parsed = parseJson(value)
  if (parsed.ok) return { encoding: 'json', object: parsed.value }
  return { encoding: 'json', damage: { at: parsed.at, reason: parsed.reason } }
}

function decodeCbor(value: Uint8Array): DecodedJson | UndecodableValue {
  const reader = cborReader(value)
  const object = readCborValue(reader)
  reader.end()
  return reader.damage ? { encoding: 'cbor', damage: reader.damage } : { encoding: 'cbor', object }
}
