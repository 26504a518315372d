import type { JsonValue } from './json.ts'
import type { Uint64 } from './uint64.ts'

/** What JSON holds is checked before it is believed: Go refuses a value of another type. */

const MAX_UINT64 = 0xffff_ffff_ffff_ffffn

export type JsonObject = { [key: string]: JsonValue }

export function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function isUint64(value: JsonValue | undefined): value is Uint64 {
  if (typeof value === 'bigint') return value >= 0n && value <= MAX_UINT64
  return Number.isSafeInteger(value) && (value as number) >= 0
}

export function isText(value: JsonValue | undefined): value is string {
  return typeof value === 'string'
}

export function isFlag(value: JsonValue | undefined): value is boolean {
  return typeof value === 'boolean'
}

export function areTexts(value: JsonValue | undefined): value is string[] {
  return Array.isArray(value) && value.every(isText)
}

export function areUint64s(value: JsonValue | undefined): value is Uint64[] {
  return Array.isArray(value) && value.every(isUint64)
}
