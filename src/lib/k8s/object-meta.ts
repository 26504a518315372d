import { WIRE } from '../proto/cursor.ts'
import { int64FromHalves, type Uint64 } from '../proto/uint64.ts'
import { FieldReader } from './field-reader.ts'
import { readTime } from './timestamp.ts'

/** Of an object's metadata what makes its identity; what is empty is absent. */
export interface MetaIdentity {
  readonly namespace?: string
  readonly name?: string
  readonly uid?: string
  readonly creationTimestamp?: string
  readonly generation?: Uint64
  readonly resourceVersion?: string
}

/** Numbers of ObjectMeta's fields. */
export const META = {
  name: 1,
  generateName: 2,
  namespace: 3,
  selfLink: 4,
  uid: 5,
  resourceVersion: 6,
  generation: 7,
  creationTimestamp: 8,
  deletionTimestamp: 9,
  deletionGracePeriodSeconds: 10,
  labels: 11,
  annotations: 12,
  ownerReferences: 13,
  finalizers: 14,
  managedFields: 17,
} as const

/** 15 and 16 were clusterName and initializers, a string and a message. */
const LAST_FIELD = 17
const NUMBERS: readonly number[] = [META.generation, META.deletionGracePeriodSeconds]

/** One bit each; selfLink is not among them, since Kubernetes has deprecated it. */
const ALWAYS_WRITTEN = 0b1_1110_1110

/**
 * Reads `bytes[from, to)` as an ObjectMeta. Undefined when it is none: Kubernetes' encoder always
 * writes its fields 1 to 8, empty or not, each with its own wire type. The ListMeta of a list or a
 * Status has no 5 to 8, and other messages not these types.
 *
 * ObjectMeta: pkg/apis/meta/v1/generated.proto of k8s.io/apimachinery @ v0.37.2; what is written
 * though empty: `ObjectMeta.MarshalToSizedBuffer` in generated.pb.go beside it.
 */
export function readObjectMeta(
  bytes: Uint8Array,
  from: number,
  to: number,
): MetaIdentity | undefined {
  const fields = new FieldReader(bytes, from, to)
  const meta: { -readonly [Field in keyof MetaIdentity]: MetaIdentity[Field] | undefined } = {}
  let seen = 0
  while (fields.next()) {
    const { field } = fields
    if (field > LAST_FIELD) continue
    if (!fits(field, fields.wire)) return undefined
    seen |= 1 << field
    if (field === META.name) meta.name = fields.text()
    else if (field === META.namespace) meta.namespace = fields.text()
    else if (field === META.uid) meta.uid = fields.text()
    else if (field === META.resourceVersion) meta.resourceVersion = fields.text()
    else if (field === META.generation) meta.generation = int64FromHalves(fields.high, fields.low)
    else if (field === META.creationTimestamp) meta.creationTimestamp = readTime(fields)
  }
  const isObjectMeta = fields.ok && (seen & ALWAYS_WRITTEN) === ALWAYS_WRITTEN
  return isObjectMeta ? withoutEmpty(meta) : undefined
}

/** Whether a field has the wire type that ObjectMeta gives it. */
function fits(field: number, wire: number): boolean {
  return wire === (NUMBERS.includes(field) ? WIRE.varint : WIRE.bytes)
}

/** Leaves out what is empty, as Kubernetes' JSON does. */
export function withoutEmpty(
  meta: {
    [Field in keyof MetaIdentity]: MetaIdentity[Field] | undefined
  },
): MetaIdentity {
  const kept: { -readonly [Field in keyof MetaIdentity]: MetaIdentity[Field] } = {}
  if (meta.namespace) kept.namespace = meta.namespace
  if (meta.name) kept.name = meta.name
  if (meta.uid) kept.uid = meta.uid
  if (meta.creationTimestamp) kept.creationTimestamp = meta.creationTimestamp
  if (meta.generation) kept.generation = meta.generation
  if (meta.resourceVersion) kept.resourceVersion = meta.resourceVersion
  return kept
}
