import { WIRE } from '../proto/cursor.ts'
import { type JsonValue, parseJson } from '../proto/json.ts'
import { int64FromHalves } from '../proto/uint64.ts'
import { FieldReader } from './field-reader.ts'
import { META, readObjectMeta } from './object-meta.ts'
import { readTime } from './timestamp.ts'

type Json = { [name: string]: JsonValue }

/**
 * All of an ObjectMeta by name, as Kubernetes' JSON has it: what is empty is left out. Undefined for
 * what `readObjectMeta` takes for none, and for one whose inner messages do not decode.
 *
 * pkg/apis/meta/v1/generated.proto of k8s.io/apimachinery @ v0.37.2.
 */
export function decodeObjectMeta(bytes: Uint8Array, from: number, to: number): Json | undefined {
  if (readObjectMeta(bytes, from, to) === undefined) return undefined
  const fields = new FieldReader(bytes, from, to)
  const meta: Json = {}
  const labels = new Map<string, string>()
  const annotations = new Map<string, string>()
  const owners: JsonValue[] = []
  const finalizers: JsonValue[] = []
  const managed: JsonValue[] = []
  while (fields.next()) {
    switch (fields.field) {
      case META.labels:
        readPair(fields, labels)
        break
      case META.annotations:
        readPair(fields, annotations)
        break
      case META.ownerReferences:
        owners.push(readMessage(fields, OWNER_REFERENCE))
        break
      case META.finalizers:
        finalizers.push(fields.text() ?? '')
        break
      case META.managedFields:
        managed.push(readMessage(fields, MANAGED_FIELDS_ENTRY))
        break
      default:
        readField(fields, OBJECT_META, meta)
    }
  }
  if (!fields.ok) return undefined
  if (labels.size > 0) meta.labels = Object.fromEntries(labels)
  if (annotations.size > 0) meta.annotations = Object.fromEntries(annotations)
  if (owners.length > 0) meta.ownerReferences = owners
  if (finalizers.length > 0) meta.finalizers = finalizers
  if (managed.length > 0) meta.managedFields = managed
  return meta
}

/** A pointer to an integer is there when it is 0, too. */
type Kind = 'text' | 'integer' | 'pointer' | 'flag' | 'time' | 'json'
const NUMBERS: readonly Kind[] = ['integer', 'pointer', 'flag']

type Schema = { readonly [field: number]: readonly [name: string, kind: Kind] }

const OBJECT_META: Schema = {
  [META.name]: ['name', 'text'],
  [META.generateName]: ['generateName', 'text'],
  [META.namespace]: ['namespace', 'text'],
  [META.selfLink]: ['selfLink', 'text'],
  [META.uid]: ['uid', 'text'],
  [META.resourceVersion]: ['resourceVersion', 'text'],
  [META.generation]: ['generation', 'integer'],
  [META.creationTimestamp]: ['creationTimestamp', 'time'],
  [META.deletionTimestamp]: ['deletionTimestamp', 'time'],
  [META.deletionGracePeriodSeconds]: ['deletionGracePeriodSeconds', 'pointer'],
}

const OWNER_REFERENCE: Schema = {
  5: ['apiVersion', 'text'],
  1: ['kind', 'text'],
  3: ['name', 'text'],
  4: ['uid', 'text'],
  6: ['controller', 'flag'],
  7: ['blockOwnerDeletion', 'flag'],
}

const MANAGED_FIELDS_ENTRY: Schema = {
  1: ['manager', 'text'],
  2: ['operation', 'text'],
  3: ['apiVersion', 'text'],
  4: ['time', 'time'],
  6: ['fieldsType', 'text'],
  7: ['fieldsV1', 'json'],
  8: ['subresource', 'text'],
}

function readMessage(outer: FieldReader, schema: Schema): Json {
  const fields = new FieldReader(outer.bytes, outer.from, outer.to)
  const message: Json = {}
  while (fields.next()) readField(fields, schema, message)
  if (fields.damage) outer.fail(fields.damage.reason)
  return message
}

function readField(fields: FieldReader, schema: Schema, into: Json): void {
  const [name, kind] = schema[fields.field] ?? []
  if (name === undefined || kind === undefined) return
  if (fields.wire !== (NUMBERS.includes(kind) ? WIRE.varint : WIRE.bytes)) {
    fields.fail(`wire type ${fields.wire} for ${name}`)
    return
  }
  const value = readValue(fields, kind)
  const isLeftOut = value === '' || (value === 0 && kind === 'integer')
  if (value !== undefined && !isLeftOut) into[name] = value
}

function readValue(fields: FieldReader, kind: Kind): JsonValue | undefined {
  switch (kind) {
    case 'text':
      return fields.text()
    case 'integer':
    case 'pointer':
      return int64FromHalves(fields.high, fields.low)
    case 'flag':
      return fields.low !== 0 || fields.high !== 0
    case 'time':
      return readTime(fields)
    case 'json':
      return readFields(fields)
  }
}

/** FieldsV1: its only field is JSON. */
function readFields(outer: FieldReader): JsonValue | undefined {
  const fields = new FieldReader(outer.bytes, outer.from, outer.to)
  let json: JsonValue | undefined
  while (fields.next()) {
    if (fields.field !== 1 || fields.wire !== WIRE.bytes) continue
    const parsed = parseJson(fields.bytes.subarray(fields.from, fields.to))
    if (parsed.ok) json = parsed.value
    else fields.fail('fieldsV1 is no JSON')
  }
  if (fields.damage) outer.fail(fields.damage.reason)
  return json
}

/** A member of a `map<string, string>`; what is empty may be left out. */
function readPair(outer: FieldReader, into: Map<string, string>): void {
  const fields = new FieldReader(outer.bytes, outer.from, outer.to)
  let key = ''
  let value = ''
  while (fields.next()) {
    if (fields.field > 2) continue
    if (fields.wire !== WIRE.bytes) fields.fail('not a pair of strings')
    else if (fields.field === 1) key = fields.text() ?? ''
    else value = fields.text() ?? ''
  }
  if (fields.damage) outer.fail(fields.damage.reason)
  into.set(key, value)
}
