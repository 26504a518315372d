import { camelCase } from '../proto/camel-case.ts'
import { type Halves, hex16, int64FromLong, uint64FromLong } from '../proto/uint64.ts'
import { type Disclosure, keyJson, redacted, secretJson, valueJson } from './bytes.ts'

export type JsonObject = { [key: string]: unknown }

/** The JSON of a field's value; undefined leaves the field out. Absent fields come as undefined. */
export type Field<V> = (value: V | null | undefined, disclosure: Disclosure) => unknown

/** A field for each of a message's, so that one a .proto file gains cannot be forgotten here. */
export type Fields<M> = {
  readonly [F in Exclude<keyof M, '$unknowns'>]-?: Field<NonNullable<M[F]>>
}

/**
 * The JSON of a message: its fields in the order given, under their names in camel case.
 * A field that is not in the file is not in the JSON.
 */
export function message<M extends object>(fields: Fields<M>): Field<M> {
  const members = Object.entries<Field<never>>(fields).map(([field, render]) => ({
    field: field as keyof M,
    name: camelCase(field),
    render,
  }))
  return (value, disclosure) => {
    if (!value) return undefined
    const json: JsonObject = {}
    for (const { field, name, render } of members) {
      // The prototype of a generated message has a default for what is absent.
      const own = Object.hasOwn(value, field) ? value[field] : undefined
      const member = render(own as never, disclosure)
      if (member !== undefined) json[name] = member
    }
    return json
  }
}

export function list<V>(field: Field<V>): Field<readonly V[]> {
  return (values, disclosure) =>
    values?.length ? values.map((value) => field(value, disclosure)) : undefined
}

export const key: Field<Uint8Array> = (bytes) => (bytes?.length ? keyJson(bytes) : undefined)

export const value: Field<Uint8Array> = (bytes, { values }) =>
  bytes?.length ? valueJson(bytes, values) : undefined

/** For members of a oneof, where empty is told from absent. */
export const presentValue: Field<Uint8Array> = (bytes, { values }) =>
  bytes ? valueJson(bytes, values) : undefined

export const text: Field<string> = (value) => value || undefined

export const secret: Field<string> = (value, disclosure) =>
  value ? secretJson(value, disclosure) : undefined

export const secretValue: Field<Uint8Array> = (bytes, disclosure) =>
  bytes?.length && !disclosure.showSecrets ? redacted(bytes.length) : value(bytes, disclosure)

/** 16 hex digits; 0 is no id. */
export const id: Field<Halves | number> = (value) => {
  const id = uint64FromLong(value ?? 0)
  return id === 0 ? undefined : hex16(id)
}

/** For members of a oneof, where zero is told from absent. */
export const presentId: Field<Halves | number> = (value) =>
  value == null ? undefined : hex16(uint64FromLong(value))

export const presentInteger: Field<Halves | number> = (value) =>
  value == null ? undefined : int64FromLong(value)

export const integer: Field<Halves | number> = (value) => presentInteger(value, {}) || undefined

export const unsigned: Field<Halves | number> = (value) => uint64FromLong(value ?? 0) || undefined

export const flag: Field<boolean> = (value) => value || undefined

/** For booleans whose absence is a third value. */
export const presentFlag: Field<boolean> = (value) => value ?? undefined

/** A generated enum: names by number, and numbers by name. */
type EnumObject = { readonly [number: number]: string }

/** The name of an enum number; the number itself when it has none, as those of a later etcd. */
export function enumName(type: EnumObject, number: number): string | number {
  return type[number] ?? number
}

/** For enums in which the first name, written as nothing, says something: equal, read, add. */
export function choice(type: EnumObject): Field<number> {
  return (number) => enumName(type, number ?? 0)
}

/** For enums in which the first name is the normal case, as no particular order. */
export function option(type: EnumObject): Field<number> {
  return (number) => (number ? enumName(type, number) : undefined)
}

/** Shown elsewhere, or not stored: the name of the member that is set in a oneof. */
export const hidden: Field<unknown> = () => undefined
