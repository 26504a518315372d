/** The text that etcd-dump-logs prints for an entry, as `inspect log --values hex --show-secrets` shows it. */
import { camelCase } from '../../src/lib/proto/camel-case.ts'
import { keyJson } from '../../src/lib/report/bytes.ts'
import { type Prototext, type PrototextMessage, parsePrototext } from '../support/prototext.ts'
import type { DumpedEntry } from './dump-logs.ts'

type Json = { [name: string]: unknown }

/** The members of an entry's line that tell what it asks for. */
export interface ShownRequest {
  request: string
  requestId?: string
  detail: Json
}

/** What our line has to say, going by the printed text; undefined for a v2 request: see `v2Text`. */
export function shownRequest({ kind, text }: DumpedEntry): ShownRequest | undefined {
  if (kind === 'conf') return confChange(text)
  if (text === '') return { request: 'noop', detail: {} }
  if (/^(method=|noop)/.test(text)) return undefined
  const message = parsePrototext(text)
  const { header, ID: _, ...requests } = fields(message)
  const { id, ...restOfHeader } = (header ?? {}) as Json
  const requestId = id as string | undefined
  const [request = '', ...others] = Object.keys(requests)
  if (others.length > 0) throw new Error(`several requests: ${text}`)
  return {
    request,
    ...(requestId !== undefined && { requestId }),
    detail: {
      ...(requests[request] as Json),
      ...(Object.keys(restOfHeader).length > 0 && { header: restOfHeader }),
    },
  }
}

/** The text that the tool would print for our detail of a v2 request: it shows long ones in part. */
export function v2Text(detail: Json): string {
  const { method = '', path = '', val } = detail as { method?: string; path?: string; val?: Json }
  if (method === '') return 'noop'
  if (method === 'SYNC')
    return `method=SYNC time=${quote(goTime(BigInt(String(detail.time ?? 0))))}`
  const start = `method=${method} path=${excerpt(Buffer.from(path), 64, 64)}`
  if (method === 'QGET' || method === 'DELETE') return start
  return `${start} val=${excerpt(Buffer.from(String(val?.hex ?? ''), 'hex'), 128, 0)}`
}

/** Of the context, with the member's addresses, the tool prints nothing. */
function confChange(text: string): ShownRequest {
  const [, type = '', id = ''] = /^method=(\w+) id=(\w+)$/.exec(text) ?? []
  return { request: 'confChange', detail: { type, nodeId: id.padStart(16, '0') } }
}

/** Of a oneof's operation the name is in the outer field: `success:<request_put:<…> >`. */
const OPERATIONS: Readonly<Record<string, string>> = {
  request_put: 'put',
  request_range: 'range',
  request_delete_range: 'deleteRange',
  request_txn: 'txn',
}

const KEYS = new Set(['key', 'range_end'])
const IDS = new Set(['ID', 'lease', 'memberID', 'member_ID'])
const REPEATED = new Set(['compare', 'success', 'failure', 'client_urls', 'checkpoints'])

/** Go leaves out an enum's first name, which says something nevertheless. */
const FIRST_NAMES: Readonly<Record<string, Json>> = {
  compare: { target: 'VERSION', result: 'EQUAL' },
  alarm: { action: 'GET', alarm: 'NONE' },
  perm: { permType: 'READ' },
}

function fields(message: PrototextMessage, defaults: Json = {}): Json {
  const json: Json = { ...defaults }
  for (const [name, values] of message) {
    const shown = values.map((value) => field(name, value))
    json[OPERATIONS[name] ?? camelCase(name)] = REPEATED.has(name) ? shown : shown[0]
  }
  return json
}

function field(name: string, value: Prototext): unknown {
  if (Buffer.isBuffer(value)) {
    if (KEYS.has(name)) return keyJson(value)
    if (name === 'value') return { bytes: value.length, hex: value.toString('hex') }
    return value.toString()
  }
  if (typeof value !== 'string') return fields(value, FIRST_NAMES[name])
  if (value === 'true') return true
  if (!/^-?\d+$/.test(value)) return value
  const integer = BigInt(value)
  if (IDS.has(name)) return BigInt.asUintN(64, integer).toString(16).padStart(16, '0')
  return Number(integer)
}

function excerpt(text: Buffer, start: number, end: number): string {
  if (start + end > text.length) return quote(text.toString())
  const last = end === 0 ? '' : text.subarray(-end).toString()
  return `${quote(text.subarray(0, start).toString())}...${quote(last)}`
}

/** Go's %q for what servers write: ASCII without control characters. */
function quote(text: string): string {
  if (!/^[\x20-\x7e]*$/.test(text)) throw new Error(`%q of ${JSON.stringify(text)}`)
  return JSON.stringify(text)
}

/** A time.Time as %q prints it. */
function goTime(nanoseconds: bigint): string {
  const seconds = new Date(Number(nanoseconds / 1_000_000_000n) * 1000)
  const fraction = String(nanoseconds % 1_000_000_000n)
    .padStart(9, '0')
    .replace(/0+$/, '')
  const clock = seconds.toISOString().slice(0, 19).replace('T', ' ')
  return `${clock}${fraction && `.${fraction}`} +0000 UTC`
}
