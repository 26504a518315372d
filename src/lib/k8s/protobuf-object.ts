import { WIRE } from '../proto/cursor.ts'
import type { ValueDamage } from './damage.ts'
import { type Envelope, readEnvelope } from './envelope.ts'
import { FieldReader } from './field-reader.ts'
import { readJsonObject } from './json-object.ts'
import type { ObjectHead } from './object-head.ts'
import { type MetaIdentity, readObjectMeta } from './object-meta.ts'

/** Reads the head of an object in protobuf: its kind, and field 1 where that is an ObjectMeta. */
export function readProtobufObject(value: Uint8Array): ObjectHead {
  const envelope = readEnvelope(value)
  const raw = readRaw(value, envelope)
  const { apiVersion, kind } = envelope
  return { apiVersion, kind, meta: raw.meta, damage: envelope.damage ?? raw.damage }
}

interface Raw {
  meta?: MetaIdentity | undefined
  damage?: ValueDamage | undefined
}

/** Goes over the object's own fields. What is in them is not checked. */
function readRaw(value: Uint8Array, envelope: Envelope): Raw {
  const { rawFrom, rawTo, contentEncoding, contentType } = envelope
  if (contentEncoding !== '') return {}
  if (contentType === 'application/json') {
    const { meta, damage } = readJsonObject(value.subarray(rawFrom, rawTo))
    return { meta, damage: damage && { ...damage, at: damage.at + rawFrom } }
  }
  const fields = new FieldReader(value, rawFrom, rawTo)
  const raw: Raw = {}
  let firsts = 0
  while (fields.next()) {
    if (fields.field !== 1) continue
    firsts += 1
    if (fields.wire === WIRE.bytes) raw.meta = readObjectMeta(value, fields.from, fields.to)
  }
  // Metadata is no list.
  if (firsts > 1) raw.meta = undefined
  return { ...raw, damage: fields.damage }
}
