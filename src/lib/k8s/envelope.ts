import { WIRE } from '../proto/cursor.ts'
import type { ValueDamage } from './damage.ts'
import { FieldReader } from './field-reader.ts'

/** `k8s\0`, in front of every object that Kubernetes writes as protobuf. */
const MAGIC = [0x6b, 0x38, 0x73, 0x00]

/** A `runtime.Unknown`: the object's kind, and the object as bytes. */
export interface Envelope {
  /** Empty when it names none. */
  readonly apiVersion: string
  readonly kind: string
  /** The object is `value[rawFrom, rawTo)`, cut short when the value is. */
  readonly rawFrom: number
  readonly rawTo: number
  /** How raw is compressed: empty in all that Kubernetes writes. */
  readonly contentEncoding: string
  /** How raw is written when not as protobuf: empty in all that an apiserver stores. */
  readonly contentType: string
  readonly damage?: ValueDamage
}

export function isEnvelope(value: Uint8Array): boolean {
  return MAGIC.every((byte, index) => value[index] === byte)
}

/**
 * Reads the envelope of a protobuf value, as far as it goes.
 *
 * `protoEncodingPrefix`: pkg/runtime/serializer/protobuf/protobuf.go of k8s.io/apimachinery
 * @ v0.37.2; Unknown and TypeMeta: pkg/runtime/generated.proto there.
 */
export function readEnvelope(value: Uint8Array): Envelope {
  const fields = new FieldReader(value, MAGIC.length, value.length)
  const envelope = {
    apiVersion: '',
    kind: '',
    rawFrom: value.length,
    rawTo: value.length,
    contentEncoding: '',
    contentType: '',
  }
  let hasRaw = false
  while (fields.next()) {
    if (fields.field === 2) hasRaw = true
    if (fields.field <= 4 && fields.wire !== WIRE.bytes) fields.fail(`wire type ${fields.wire}`)
    else if (fields.field === 1) readTypeMeta(fields, envelope)
    else if (fields.field === 2) {
      envelope.rawFrom = fields.from
      envelope.rawTo = fields.to
    } else if (fields.field === 3) envelope.contentEncoding = fields.text() ?? ''
    else if (fields.field === 4) envelope.contentType = fields.text() ?? ''
  }
  const isRawCut = !fields.ok && fields.field === 2 && fields.wire === WIRE.bytes
  if (isRawCut) {
    envelope.rawFrom = fields.from
    envelope.rawTo = value.length
  }
  if (fields.ok && !hasRaw) fields.fail('no object in the envelope')
  return fields.damage ? { ...envelope, damage: fields.damage } : envelope
}

function readTypeMeta(outer: FieldReader, into: { apiVersion: string; kind: string }): void {
  const fields = new FieldReader(outer.bytes, outer.from, outer.to)
  while (fields.next()) {
    if (fields.field <= 2 && fields.wire !== WIRE.bytes) fields.fail(`wire type ${fields.wire}`)
    else if (fields.field === 1) into.apiVersion = fields.text() ?? ''
    else if (fields.field === 2) into.kind = fields.text() ?? ''
  }
  if (fields.damage) outer.fail(fields.damage.reason)
}
