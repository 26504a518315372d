import { type JsonValue, parseJson } from '../proto/json.ts'
import type { Uint64 } from '../proto/uint64.ts'

/** The member a membership change is about, as its proposer knew it. */
interface ContextMember {
  readonly id?: Uint64
  readonly name?: string
  readonly peerUrls?: readonly string[]
  readonly clientUrls?: readonly string[]
  readonly isLearner?: boolean
  /** Since 3.4: the change turns this learner into a voter. */
  readonly isPromote?: boolean
}

export interface ConfChangeContext {
  readonly bytes: Uint8Array
  /** Absent when the context is no JSON object. */
  readonly member?: ContextMember
  /** Whether `member` says all there is: no other keys, no values of another type. */
  readonly complete: boolean
}

/** A context above this is not looked into; etcd's have some hundred bytes. */
const LARGEST_CONTEXT = 64 * 1024

/**
 * Reads the context of a ConfChange: `membership.Member` as JSON, or `ConfigChangeContext`, which
 * adds isPromote (server/etcdserver/api/membership/{member,cluster}.go @ v3.6.14).
 */
export function parseContext(bytes: Uint8Array): ConfChangeContext {
  if (bytes.length > LARGEST_CONTEXT) return { bytes, complete: false }
  const json = parseJson(bytes)
  if (!json.ok || !isObject(json.value)) return { bytes, complete: false }
  const member: Record<string, JsonValue> = {}
  let complete = true
  for (const [key, value] of Object.entries(json.value)) {
    const field = MEMBER_FIELDS[key]
    if (field?.accepts(value)) member[field.name] = value
    // Go writes a nil slice as null, and reads null as nothing.
    else if (!field || value !== null) complete = false
  }
  return { bytes, member: member as ContextMember, complete }
}

const isObject = (value: JsonValue): value is { [key: string]: JsonValue } =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const isId = (value: JsonValue) =>
  typeof value === 'bigint' || (Number.isSafeInteger(value) && (value as number) >= 0)
const isText = (value: JsonValue) => typeof value === 'string'
const isFlag = (value: JsonValue) => typeof value === 'boolean'
const areTexts = (value: JsonValue) => Array.isArray(value) && value.every(isText)

const MEMBER_FIELDS: {
  readonly [key: string]: {
    readonly name: keyof ContextMember
    readonly accepts: (value: JsonValue) => boolean
  }
} = {
  id: { name: 'id', accepts: isId },
  name: { name: 'name', accepts: isText },
  peerURLs: { name: 'peerUrls', accepts: areTexts },
  clientURLs: { name: 'clientUrls', accepts: areTexts },
  isLearner: { name: 'isLearner', accepts: isFlag },
  isPromote: { name: 'isPromote', accepts: isFlag },
}
