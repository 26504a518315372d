import type { EntryDetail } from '../../lib/report/entry-detail.ts'
import { escapeForTerminal } from '../../lib/report/escape.ts'

/** A piece of `detail`: plain JSON data. */
type Json = { readonly [name: string]: unknown }

/** What an entry does, in a few words: `put /a/b (12 bytes)`. Safe for a terminal. */
export function summaryOf({
  request,
  detail,
}: Pick<EntryDetail, 'request'> & { detail: object }): string {
  const { header, ...rest } = detail as Json
  const words = SUMMARIES[request]?.(rest) ?? fieldsOf(rest)
  const user = (header as Json | undefined)?.username
  return user === undefined ? words : `${words}  by ${escaped(user)}`
}

const SUMMARIES: { readonly [request: string]: ((detail: Json) => string) | undefined } = {
  noop: () => 'a leader begins its term',
  put,
  deleteRange: ({ key, rangeEnd }) => span(key, rangeEnd),
  range: ({ key, rangeEnd }) => span(key, rangeEnd),
  txn,
  authRoleGrantPermission: ({ name, perm }) => {
    const { permType, key, rangeEnd } = (perm ?? {}) as Json
    return `${escaped(name)} ${String(permType)} ${span(key, rangeEnd)}`
  },
  alarm: ({ action, alarm, memberId }) =>
    [action, alarm, memberId].map(escaped).filter(Boolean).join(' '),
  compaction: ({ revision }) => `up to revision ${revision}`,
  v2Request: ({ method, path, val }) => `${escaped(method)} ${escaped(path)}${size(val)}`,
  confChange: ({ type, nodeId, member }) => {
    const { name, peerUrls } = (member ?? {}) as Json
    return [type, nodeId, name, list(peerUrls)].map(escaped).filter(Boolean).join(' ')
  },
}

function put({ key, value, lease }: Json): string {
  return `${keyText(key)}${size(value)}${lease ? ` lease ${lease}` : ''}`
}

function txn({ compare, success, failure }: Json): string {
  const conditions = items(compare).map(comparison).join(' and ')
  const done = items(success).map(operation).join(', ')
  const otherwise = items(failure).map(operation).join(', ')
  if (conditions === '') return done
  return `if ${conditions} then ${done || 'nothing'}${otherwise && ` else ${otherwise}`}`
}

const SIGNS: Json = { EQUAL: '=', GREATER: '>', LESS: '<', NOT_EQUAL: '!=' }

function comparison(compare: Json): string {
  const { target, result, key, rangeEnd } = compare
  const against =
    compare.version ?? compare.createRevision ?? compare.modRevision ?? compare.lease ?? '0'
  const value = compare.value === undefined ? String(against) : size(compare.value).trim()
  return `${String(target).toLowerCase()}(${span(key, rangeEnd)}) ${SIGNS[String(result)] ?? result} ${value}`
}

function operation(op: Json): string {
  const [name, detail] = Object.entries(op)[0] ?? ['nothing', {}]
  return `${name} ${summaryOf({ request: name, detail: detail as Json })}`
}

/** `from..to`, and `from..` for all keys behind one. */
function span(key: unknown, rangeEnd: unknown): string {
  if (rangeEnd === undefined) return keyText(key)
  const isOpen = (rangeEnd as Json).base64 === 'AA=='
  return `${keyText(key)}..${isOpen ? '' : keyText(rangeEnd)}`
}

function keyText(key: unknown): string {
  const { text, base64 } = (key ?? {}) as { text?: string; base64?: string }
  if (text !== undefined) return escapeForTerminal(text)
  return base64 === undefined ? '""' : escapeForTerminal(Buffer.from(base64, 'base64'))
}

function size(value: unknown): string {
  if (value === undefined) return ''
  const { bytes, ...content } = value as Json
  const shown = Object.values(content).map((each) => ` ${escaped(each)}`)
  return ` (${count(bytes)})${shown.join('')}`
}

function count(bytes: unknown): string {
  return bytes === 1 ? '1 byte' : `${bytes} bytes`
}

/** For requests without words of their own: their fields. */
function fieldsOf(detail: Json): string {
  return Object.entries(detail)
    .map(([name, value]) => `${name} ${escaped(value)}`)
    .join(', ')
}

function escaped(value: unknown): string {
  if (value === undefined) return ''
  const { redacted, bytes } = Object(value) as Json
  if (redacted === true) return `<redacted, ${count(bytes)}>`
  return escapeForTerminal(
    typeof value === 'object' ? JSON.stringify(value, bigintAsText) : String(value),
  )
}

function bigintAsText(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value
}

function list(value: unknown): string | undefined {
  return Array.isArray(value) ? value.join(',') : undefined
}

function items(value: unknown): readonly Json[] {
  return Array.isArray(value) ? value : []
}
