import { toJson } from '../../lib/report/json.ts'
import type { Sheet } from '../inspect/sheet.ts'
import { exactSize } from '../inspect/size.ts'
import { count, shown } from '../inspect/text.ts'
import { keyText } from './key-text.ts'

type Json = { readonly [field: string]: unknown }

/** Bytes on a line of a dump. */
const DUMPED = 16

/** Shows one page: what it is, where, and all that stands on it. */
export function showPage(sheet: Sheet, page: Json): void {
  const { id, kind, bucket, path, offset, bytes, used, header, elements, overflow } = page
  sheet.line(sheet.theme.bold(`page ${id}  ${kind}`))
  sheet.field('use', useOf(sheet, page))
  if (bucket !== undefined) sheet.field('bucket', [shown(String(bucket))])
  if (path !== undefined) sheet.field('path', [(path as number[]).join(' → ')])
  sheet.field('place', [
    `offset ${offset}`,
    exactSize(Number(bytes)),
    ...(used === undefined ? [] : [`${used} used (${percent(Number(used), Number(bytes))})`]),
  ])
  if (header !== undefined) {
    const { id: own, flags } = header as Json
    const name = own === id ? `id ${own}` : sheet.theme.bad(`id ${own}`)
    sheet.field('header', [
      name,
      `flags ${flags}`,
      count(Number(elements), 'element'),
      count(Number(overflow), 'overflow page'),
    ])
  }
  showMeta(sheet, page.meta as Json | undefined)
  showFree(sheet, page.freePages as [unknown, unknown][] | undefined)
  showChildren(sheet, page.children as Json[] | undefined)
  showRows(sheet, page.rows as Json[] | undefined)
  for (const each of (page.buckets ?? []) as Json[]) showBucket(sheet, each)
  showHex(sheet, page.hex as string | undefined)
}

function useOf({ theme }: Sheet, { reachable, free, overflowOf, content }: Json): string[] {
  if (reachable === undefined) return [theme.warn('unknown: no meta page is valid')]
  const parts = [
    ...(overflowOf === undefined ? [] : [`overflow of page ${overflowOf}`]),
    ...(reachable ? ['in use'] : []),
    ...(free ? [reachable ? theme.bad('free, too') : 'free'] : []),
    ...(content === undefined ? [] : [`held before: ${content}`]),
  ]
  return reachable || free ? parts : [theme.warn('in no tree, and not free')]
}

function showMeta(sheet: Sheet, meta: Json | undefined): void {
  if (meta === undefined) return
  const { ok, fault, active, checksum, ...fields } = meta
  const { stored, computed, ok: isRight } = checksum as Json
  const { good, bad } = { good: sheet.theme.ok, bad: sheet.theme.bad }
  sheet.section('meta', [ok ? good('ok') : bad(String(fault)), ...(active ? ['active'] : [])])
  for (const [field, value] of Object.entries(fields)) {
    sheet.field(FIELD_NAMES[field] ?? field, [String(value ?? 'none written')])
  }
  const sums = isRight
    ? [`${stored} ${good('ok')}`]
    : [bad('wrong'), `stored ${stored}`, `computed ${computed}`]
  sheet.field('checksum', sums)
}

const FIELD_NAMES: { readonly [field: string]: string } = {
  pageSize: 'page size',
  highWaterMark: 'high water',
}

function showFree(sheet: Sheet, runs: readonly [unknown, unknown][] | undefined): void {
  if (runs === undefined) return
  const text = runs.map(([from, to]) => (from === to ? `${from}` : `${from}–${to}`))
  sheet.section('free pages', [count(runs.length, 'run')])
  sheet.prose(text.join(' '), 4)
}

function showChildren(sheet: Sheet, children: readonly Json[] | undefined): void {
  if (children === undefined) return
  sheet.gap()
  const lines = children.map((child, at) => {
    const next = children[at + 1]
    const from = child.outside ? 'outside of the page' : keyText(child)
    const to = next === undefined ? 'on' : `to below ${keyText(next).replace(/^revision /, '')}`
    return [String(child.index), `page ${child.page}`, `${from} ${to}`]
  })
  showColumns(sheet, [['#', 'CHILD', 'KEYS'], ...lines])
}

function showRows(sheet: Sheet, rows: readonly Json[] | undefined, indent = 2): void {
  if (rows === undefined || rows.length === 0) return
  if (indent === 2) sheet.gap()
  const hasRevisions = rows.some(({ revision }) => revision !== undefined)
  const head = ['#', 'AT', ...(hasRevisions ? ['REVISION'] : []), 'KEY', 'VALUE']
  const lines = rows.map((row) => [
    String(row.index),
    String(row.position),
    ...(hasRevisions ? [revisionOf(row)] : []),
    rowText(row),
    sizesOf(row),
  ])
  showColumns(sheet, [head, ...lines], indent)
}

function rowText(row: Json): string {
  if (row.outside) return 'outside of the page'
  if (row.undecodable) return 'does not decode'
  const { revision: _, ...rest } = row
  return `${keyText(rest)}${row.tombstone ? '  (deleted)' : ''}`
}

function revisionOf({ revision, sub }: Json): string {
  return revision === undefined ? '' : `${revision}${sub ? `.${sub}` : ''}`
}

function sizesOf({ value, valueBytes, tombstone }: Json): string {
  if (tombstone) return ''
  const { bytes, redacted, ...content } = (value ?? {}) as Json
  if (redacted) return `<redacted, ${count(Number(bytes), 'byte')}>`
  const [text] = Object.values(content)
  const size =
    bytes === undefined ? count(Number(valueBytes), 'byte') : count(Number(bytes), 'byte')
  if (text === undefined) return size
  return `${size}  ${shown(typeof text === 'string' ? text : toJson(text))}`
}

function showBucket(sheet: Sheet, { name, root, sequence, rows }: Json): void {
  const inside = rows as Json[] | undefined
  const place = root === undefined ? 'inside this page' : `root page ${root}`
  const facts = [
    place,
    ...(sequence ? [`sequence ${sequence}`] : []),
    ...(inside ? [count(inside.length, 'row')] : []),
  ]
  sheet.gap()
  sheet.line(`${sheet.theme.bold(shown(String(name)))}  ${facts.join(', ')}`, 2)
  showRows(sheet, inside, 4)
}

/** Columns as wide as their cells; the last one is cut where the line ends. */
function showColumns(sheet: Sheet, rows: readonly (readonly string[])[], indent = 2): void {
  const widths = (rows[0] ?? []).map((_, at) =>
    Math.max(...rows.map((row) => row[at]?.length ?? 0)),
  )
  for (const [number, row] of rows.entries()) {
    const cells = row.map((cell, at) =>
      at === row.length - 1 ? cell : cell.padEnd(widths[at] ?? 0),
    )
    const line = cells.join('  ').trimEnd()
    sheet.line(number === 0 ? sheet.theme.dim(line) : line, indent)
  }
}

function showHex(sheet: Sheet, hex: string | undefined): void {
  if (hex === undefined) return
  sheet.gap()
  const bytes = Buffer.from(hex, 'hex')
  let skipped = false
  for (let at = 0; at < bytes.length; at += DUMPED) {
    const line = bytes.subarray(at, at + DUMPED)
    const isRepeated = at > 0 && line.equals(bytes.subarray(at - DUMPED, at))
    if (isRepeated && at + DUMPED < bytes.length) {
      if (!skipped) sheet.line('*')
      skipped = true
      continue
    }
    skipped = false
    const digits = line
      .toString('hex')
      .replace(/(..)/g, '$1 ')
      .padEnd(DUMPED * 3)
    const text = line.toString('latin1').replace(/[^\x20-\x7e]/g, '.')
    sheet.line(`${at.toString(16).padStart(8, '0')}  ${digits} |${text}|`)
  }
}

function percent(part: number, whole: number): string {
  return `${Math.floor((part * 100) / whole)} %`
}
