import { parseJson } from '../proto/json.ts'
import { isFlag, isObject } from '../proto/json-shape.ts'
import type { Member } from '../proto/member.ts'
import { readMemberJson } from '../proto/member-json.ts'

/** The member a membership change is about, as its proposer knew it. */
interface ContextMember extends Partial<Member> {
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
  const { isPromote, ...rest } = json.value
  const { member, wrong, unknown } = readMemberJson(rest)
  const known = isPromote == null || isFlag(isPromote)
  return {
    bytes,
    member: isFlag(isPromote) ? { ...member, isPromote } : member,
    complete: known && wrong.length + unknown.length === 0,
  }
}
