/** The JSON Schemas of docs/schema, as strict as a test can make them. */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type AnySchema, Ajv2020 as Validator } from 'ajv/dist/2020.js'
import { parse as parseYamlText } from 'yaml'
import { parseJson } from '../../src/lib/proto/json.ts'
import { canonical } from '../../src/lib/proto/uint64.ts'
import { root } from '../cli/spawn.ts'

const folder = join(root, 'docs', 'schema')

const ajv = new Validator({ strict: true, strictTypes: false, strictRequired: false })
for (const name of readdirSync(folder)) ajv.addSchema(closed(readSchema(name)), name)

export function readSchema(name: string): Record<string, unknown> {
  return JSON.parse(readFileSync(join(folder, name), 'utf8'))
}

/** Fails unless `value` is what the schema says, down to its last field. */
export function assertMatches(reference: string, value: unknown): void {
  const validate = ajv.getSchema(reference)
  assert.ok(validate, `no schema ${reference}`)
  if (validate(rounded(value))) return
  const errors = validate.errors?.map(
    ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
  )
  assert.fail(`it is not ${reference}:\n${[...new Set(errors)].join('\n')}`)
}

/** Parses JSON as a careful reader does: integers beyond 2^53 stay exact. */
export function parse(text: string): Record<string, unknown> {
  const parsed = parseJson(text)
  assert.ok(parsed.ok, `not JSON: ${text.slice(0, 200)}`)
  return parsed.value as Record<string, unknown>
}

/** The same for YAML. */
export function parseYaml(text: string): unknown {
  return parseYamlText(text, (_, value) => (typeof value === 'bigint' ? canonical(value) : value), {
    intAsBigInt: true,
  })
}

/** Ajv knows no bigint. */
function rounded(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value)
  if (Array.isArray(value)) return value.map(rounded)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, rounded(part)]))
}

/**
 * The published schemas let fields be added, as the contract does. Here one that they do not
 * mention is a mistake.
 */
function closed(schema: unknown): AnySchema {
  if (Array.isArray(schema)) return schema.map(closed) as unknown as AnySchema
  if (typeof schema !== 'object' || schema === null) return schema as AnySchema
  const entries = Object.entries(schema).map(([name, part]) => [name, closed(part)])
  const copy = Object.fromEntries(entries)
  if (copy.type === 'object' && copy.additionalProperties === undefined) {
    copy.unevaluatedProperties = false
  }
  return copy
}
