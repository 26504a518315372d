import type { JsonValue } from './json.ts'
import { areTexts, isFlag, isText, isUint64, type JsonObject } from './json-shape.ts'
import type { Member } from './member.ts'

/** What a JSON object says of a member. */
export interface MemberJson {
  readonly member: Partial<Member>
  /** Names of fields that a Member has, with a value of another type: Go refuses the whole. */
  readonly wrong: readonly string[]
  /** Names of fields that a Member does not have: Go passes over them. */
  readonly unknown: readonly string[]
}

/**
 * Reads the fields of `membership.Member`, as `json.Marshal` writes them: in membership changes and
 * in the members bucket. A null reads as nothing, as Go has it.
 * Source: server/etcdserver/api/membership/member.go @ v3.6.14.
 */
export function readMemberJson(json: JsonObject): MemberJson {
  const member: Record<string, JsonValue> = {}
  const wrong: string[] = []
  const unknown: string[] = []
  for (const [key, value] of Object.entries(json)) {
    const field = Object.hasOwn(FIELDS, key) ? FIELDS[key] : undefined
    if (field === undefined) unknown.push(key)
    else if (field.accepts(value)) member[field.name] = value
    else if (value !== null) wrong.push(key)
  }
  return { member: member as Partial<Member>, wrong, unknown }
}

const FIELDS: {
  readonly [key: string]: {
    readonly name: keyof Member
    readonly accepts: (value: JsonValue) => boolean
  }
} = {
  id: { name: 'id', accepts: isUint64 },
  name: { name: 'name', accepts: isText },
  peerURLs: { name: 'peerUrls', accepts: areTexts },
  clientURLs: { name: 'clientUrls', accepts: areTexts },
  isLearner: { name: 'isLearner', accepts: isFlag },
}
