import { CborReader, MAJOR } from './cbor-reader.ts'
import type { ObjectHead } from './object-head.ts'
import { type MetaIdentity, withoutEmpty } from './object-meta.ts'

/** The tag of self-described CBOR, with which Kubernetes begins. */
const MAGIC = [0xd9, 0xd9, 0xf7]

export function isCbor(value: Uint8Array): boolean {
  return MAGIC.every((byte, index) => value[index] === byte)
}

/** A reader behind the magic. */
export function cborReader(value: Uint8Array): CborReader {
  return new CborReader(value, MAGIC.length)
}

/**
 * Reads the head of an object in CBOR, in which an apiserver with the feature gate
 * CBORServingAndStorage keeps custom resources.
 *
 * pkg/runtime/serializer/cbor/cbor.go of k8s.io/apimachinery @ v0.37.2.
 */
export function readCborObject(value: Uint8Array): ObjectHead {
  const reader = cborReader(value)
  const head = { apiVersion: '', kind: '', meta: undefined as MetaIdentity | undefined }
  const isMap = reader.members((name) => {
    if (name === 'apiVersion') head.apiVersion = stringOrSkip(reader) ?? ''
    else if (name === 'kind') head.kind = stringOrSkip(reader) ?? ''
    else if (name === 'metadata') head.meta = readMetadata(reader)
    else reader.skip()
  })
  if (!isMap) reader.fail('no map')
  reader.end()
  return { ...head, damage: reader.damage }
}

function readMetadata(reader: CborReader): MetaIdentity | undefined {
  const meta: { -readonly [Field in keyof MetaIdentity]: MetaIdentity[Field] | undefined } = {}
  const isMap = reader.members((name) => {
    if (name === 'name') meta.name = stringOrSkip(reader)
    else if (name === 'namespace') meta.namespace = stringOrSkip(reader)
    else if (name === 'uid') meta.uid = stringOrSkip(reader)
    else if (name === 'creationTimestamp') meta.creationTimestamp = stringOrSkip(reader)
    else if (name === 'resourceVersion') meta.resourceVersion = stringOrSkip(reader)
    else if (name === 'generation') {
      const isUnsigned = (reader.bytes[reader.position] ?? 0xff) >> 5 === MAJOR.unsigned
      if (isUnsigned && reader.head()) meta.generation = reader.argument
      else reader.skip()
    } else reader.skip()
  })
  if (!isMap) reader.skip()
  return isMap && !reader.damage ? withoutEmpty(meta) : undefined
}

function stringOrSkip(reader: CborReader): string | undefined {
  const text = reader.string()
  if (text === undefined) reader.skip()
  return text
}
