import { createHash } from 'node:crypto'
import { type JsonValue, parseJson } from '../proto/json.ts'
import { isPrintable, textOf } from './escape.ts'

/** How the content of a value is shown besides its length; by default it is not. */
export type ValueForm = 'hash' | 'text' | 'json' | 'hex' | 'base64'

export const VALUE_FORMS: readonly ValueForm[] = ['hash', 'text', 'json', 'hex', 'base64']

/** What a report says of values and secrets; by default that they are there, and how long. */
export interface Disclosure {
  readonly values?: ValueForm | undefined
  readonly showSecrets?: boolean | undefined
}

export type KeyJson = { readonly text: string } | { readonly base64: string }

export type ValueJson = { readonly bytes: number } & (
  | { readonly sha256?: string }
  | { readonly text: string }
  | { readonly json: JsonValue }
  | { readonly hex: string }
  | { readonly base64: string }
)

export interface RedactedJson {
  readonly redacted: true
  readonly bytes: number
}

/** `{"text"}` when the key is UTF-8 without control characters, else `{"base64"}`. */
export function keyJson(key: Uint8Array): KeyJson {
  const text = textOf(key)
  return text !== undefined && isPrintable(text) ? { text } : { base64: base64Of(key) }
}

/**
 * `{"bytes"}` and, when asked for, the content. `text` gives base64 for a value that is not UTF-8;
 * `json` gives the parsed document, and for a value that is none what `text` would give.
 */
export function valueJson(value: Uint8Array, form?: ValueForm): ValueJson {
  const bytes = value.length
  switch (form) {
    case undefined:
      return { bytes }
    case 'hash':
      return { bytes, sha256: createHash('sha256').update(value).digest('hex') }
    case 'hex':
      return { bytes, hex: bufferOf(value).toString('hex') }
    case 'base64':
      return { bytes, base64: base64Of(value) }
    case 'json': {
      const parsed = parseJson(value)
      return parsed.ok ? { bytes, json: parsed.value } : valueJson(value, 'text')
    }
    case 'text': {
      const text = textOf(value)
      return text === undefined ? valueJson(value, 'base64') : { bytes, text }
    }
  }
}

/**
 * Bytes this build cannot read. They may hold a password as well as anything else, so their content
 * takes both: a form, and leave to show secrets.
 */
export function opaqueJson(bytes: Uint8Array, { values, showSecrets }: Disclosure): ValueJson {
  return valueJson(bytes, showSecrets ? values : undefined)
}

/** A password, hash or token: its length only, unless secrets are to be shown. */
export function secretJson(secret: string, { showSecrets }: Disclosure): string | RedactedJson {
  return showSecrets ? secret : redacted(Buffer.byteLength(secret))
}

export function redacted(bytes: number): RedactedJson {
  return { redacted: true, bytes }
}

function base64Of(bytes: Uint8Array): string {
  return bufferOf(bytes).toString('base64')
}

function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
