import { WIRE } from '../proto/cursor.ts'
import { int64FromHalves } from '../proto/uint64.ts'
import { FieldReader } from './field-reader.ts'

/** Seconds of 0001-01-01T00:00:00Z and 9999-12-31T23:59:59Z, the limits that Timestamp names. */
const FIRST = -62_135_596_800
const LAST = 253_402_300_799

/**
 * Reads a `Time`, the range that `outer` is at, into RFC 3339 with whole seconds, which is all that
 * Kubernetes keeps. Undefined for an empty message, which is a time never set, and for a second
 * outside the years 1 to 9999. Ends the reading of `outer` where it is no `Time`.
 *
 * `Time.ProtoTime`: pkg/apis/meta/v1/time_proto.go of k8s.io/apimachinery @ v0.37.2.
 */
export function readTime(outer: FieldReader): string | undefined {
  const fields = new FieldReader(outer.bytes, outer.from, outer.to)
  let seconds: number | bigint | undefined
  while (fields.next()) {
    if (fields.field <= 2 && fields.wire !== WIRE.varint) fields.fail('not a Time')
    else if (fields.field === 1) seconds = int64FromHalves(fields.high, fields.low)
  }
  if (fields.damage) outer.fail(fields.damage.reason)
  if (typeof seconds !== 'number' || seconds < FIRST || seconds > LAST) return undefined
  return new Date(seconds * 1000).toISOString().replace('.000Z', 'Z')
}
