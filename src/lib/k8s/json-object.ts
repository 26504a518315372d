import { JsonReader } from './json-reader.ts'
import type { ObjectHead } from './object-head.ts'
import { type MetaIdentity, withoutEmpty } from './object-meta.ts'

const OPEN_BRACE = 0x7b

/** Kubernetes writes no white space in front. */
export function isJsonObject(value: Uint8Array): boolean {
  return value[0] === OPEN_BRACE
}

/**
 * Reads the head of an object in JSON, as Kubernetes keeps custom resources: `apiVersion`, `kind`
 * and `metadata`, wherever they stand. The rest is only checked to be JSON. Of two members of one
 * name the last counts, as in Go.
 */
export function readJsonObject(bytes: Uint8Array): ObjectHead {
  const reader = new JsonReader(bytes)
  const head = { apiVersion: '', kind: '', meta: undefined as MetaIdentity | undefined }
  reader.object((name) => {
    if (name === 'apiVersion') head.apiVersion = reader.string() ?? ''
    else if (name === 'kind') head.kind = reader.string() ?? ''
    else if (name === 'metadata' && reader.isObject()) head.meta = readMetadata(reader)
  })
  reader.end()
  return { ...head, damage: reader.damage }
}

/** Undefined when it is cut: half of it would make a namespaced object one of the cluster. */
function readMetadata(reader: JsonReader): MetaIdentity | undefined {
  const meta: { -readonly [Field in keyof MetaIdentity]: MetaIdentity[Field] | undefined } = {}
  reader.object((name) => {
    if (name === 'name') meta.name = reader.string()
    else if (name === 'namespace') meta.namespace = reader.string()
    else if (name === 'uid') meta.uid = reader.string()
    else if (name === 'creationTimestamp') meta.creationTimestamp = reader.string()
    else if (name === 'generation') meta.generation = reader.integer()
    else if (name === 'resourceVersion') meta.resourceVersion = reader.string()
  })
  return reader.damage ? undefined : withoutEmpty(meta)
}
