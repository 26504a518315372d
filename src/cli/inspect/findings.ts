import { CATALOGUE, type FindingId } from '../../lib/findings/catalogue.ts'
import type { Finding, Severity } from '../../lib/findings/finding.ts'
import { type Findings, LISTED_PER_ID } from '../../lib/findings/findings.ts'
import type { Theme } from '../theme.ts'
import type { Sheet } from './sheet.ts'
import { shown, shownKey } from './text.ts'

/** Of one id so many are shown; the whole list is for programs. */
const SHOWN_PER_ID = 5

const SEVERITIES: readonly Severity[] = ['error', 'warning', 'info']

/** Shows findings by id, the worst first, with what each id means and what to do about it. */
export function showFindings(sheet: Sheet, findings: Findings): void {
  for (const group of worstFirst(findings.list)) {
    const { id } = group[0]
    sheet.gap()
    showGroup(sheet, group, findings.counts.get(id) ?? group.length, findings.perId)
  }
}

type Group = [Finding, ...Finding[]]

/** Findings of one id together, in the order in which they were reported. */
function worstFirst(list: readonly Finding[]): Group[] {
  const groups = new Map<FindingId, Group>()
  for (const finding of list) {
    const group = groups.get(finding.id)
    if (group) group.push(finding)
    else groups.set(finding.id, [finding])
  }
  return [...groups.values()].sort((a, b) => rank(worstOf(a)) - rank(worstOf(b)))
}

function rank(severity: Severity): number {
  return SEVERITIES.indexOf(severity)
}

function worstOf(group: Group): Severity {
  return SEVERITIES.find((severity) => group.some((each) => each.severity === severity)) ?? 'info'
}

function showGroup(sheet: Sheet, group: Group, total: number, perId: number): void {
  const { theme } = sheet
  const [{ id, remedy }] = group
  const severity = worstOf(group)
  const { title, meaning } = CATALOGUE[id]
  const times = total > 1 ? `, ${total} times` : ''
  sheet.line(`${paint(theme, severity)(severity)}: ${theme.bold(title)} (${id})${times}`)
  sheet.prose(meaning, 2)
  const most = perId > LISTED_PER_ID ? perId : SHOWN_PER_ID
  for (const finding of group.slice(0, most)) showPlace(sheet, finding)
  if (total > most) sheet.line(theme.dim(`… ${total - most} more, see --all-findings`), 2)
  sheet.prose(remedy, 2, '→ ')
}

function showPlace(sheet: Sheet, finding: Finding): void {
  const { path, offset, message, expected, found } = finding
  sheet.line(offset === undefined ? shown(path) : `${shown(path)}:${offset}`, 2)
  sheet.prose(shown(message), 4)
  const details = [
    ...placesIn(finding),
    ...(expected === undefined ? [] : [`expected ${shown(expected)}`]),
    ...(found === undefined ? [] : [`found ${shown(found)}`]),
  ]
  if (details.length > 0) sheet.prose(details.join(', '), 4)
}

/** Where in the file it is, besides the offset. */
function placesIn({ record, index, term, page, revision, key }: Finding): string[] {
  const places = { record, index, term, page, revision, key: key && shownKey(key) }
  return Object.entries(places)
    .filter(([, number]) => number !== undefined)
    .map(([name, number]) => `${name} ${number}`)
}

function paint({ bad, warn, bold }: Theme, severity: Severity): (text: string) => string {
  return { error: bad, warning: warn, info: bold }[severity]
}
