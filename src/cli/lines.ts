import { toJson } from '../lib/report/json.ts'
import type { Out } from './out.ts'

/**
 * Writes a report as NDJSON: a header that names the document, one line an item, and a summary.
 *
 * @param envelope what every document starts with: schema, kind, tool
 */
export function writeLines(
  out: Out,
  envelope: object,
  items: Iterable<object>,
  summary: object,
): void {
  out.line(toJson({ type: 'header', ...envelope }))
  for (const item of items) out.line(toJson(item))
  out.line(toJson({ type: 'summary', ...summary }))
}
