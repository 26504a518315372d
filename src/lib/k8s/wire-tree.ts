import { WIRE } from '../proto/cursor.ts'
import { type Uint64, uint64FromHalves } from '../proto/uint64.ts'
import { FieldReader } from './field-reader.ts'
import { utf8 } from './utf8.ts'

/**
 * A protobuf field without its schema. The wire does not tell text, bytes and messages apart:
 *
 * - `text`: UTF-8 without control characters but tab and line breaks. A short message can look so.
 * - `fields`: no such text, but wire-valid from the first byte to the last.
 * - `bytes`: neither; or too deep, or one of too many, to look into.
 */
export type WireField = { readonly field: number } & (
  | { readonly varint: Uint64 }
  | { readonly fixed64: Uint64 }
  | { readonly fixed32: number }
  | { readonly text: string }
  | { readonly fields: readonly WireField[] }
  | { readonly bytes: Uint8Array }
)

/** No type of Kubernetes is nested like this. */
const MAX_DEPTH = 40

/** Beyond, messages stay bytes: two hostile bytes can make an object of a hundred. */
const MAX_FIELDS = 100_000

/** The fields that `reader` has left, up to the first wire error, which stays in the reader. */
export function wireTree(reader: FieldReader): WireField[] {
  return read(reader, { left: MAX_FIELDS }, 0)
}

function read(reader: FieldReader, budget: { left: number }, depth: number): WireField[] {
  const fields: WireField[] = []
  while (reader.next()) {
    if (budget.left <= 0) {
      reader.fail(`more than ${MAX_FIELDS} fields`)
      break
    }
    budget.left -= 1
    fields.push({ field: reader.field, ...contentOf(reader, budget, depth) } as WireField)
  }
  return fields
}

function contentOf(reader: FieldReader, budget: { left: number }, depth: number) {
  const { bytes, from, to, high, low } = reader
  switch (reader.wire) {
    case WIRE.varint:
      return { varint: uint64FromHalves(high, low) }
    case WIRE.fixed64:
      return { fixed64: uint64FromHalves(word(bytes, from + 4), word(bytes, from)) }
    case WIRE.fixed32:
      return { fixed32: word(bytes, from) }
    default: {
      const content = bytes.subarray(from, to)
      const text = plainText(content)
      if (text !== undefined) return { text }
      const isWorthIt = depth < MAX_DEPTH && budget.left > 0 && isMessage(bytes, from, to)
      if (!isWorthIt) return { bytes: content }
      return { fields: read(new FieldReader(bytes, from, to), budget, depth + 1) }
    }
  }
}

function isMessage(bytes: Uint8Array, from: number, to: number): boolean {
  const reader = new FieldReader(bytes, from, to)
  while (reader.next());
  return reader.ok
}

/** Control characters, and what UTF-8 has in their place. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/

function plainText(content: Uint8Array): string | undefined {
  const text = utf8(content)
  return text === undefined || CONTROL.test(text) ? undefined : text
}

/** 32 bits, little endian. */
function word(bytes: Uint8Array, at: number): number {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).readUInt32LE(at)
}
