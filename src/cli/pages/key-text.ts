import { escapeForTerminal } from '../../lib/report/escape.ts'

/** A key of a bbolt page in words: `revision 5.1`, or the key itself. Safe for a terminal. */
export function keyText(shown: object): string {
  const { revision, sub, key, lease } = shown as {
    revision?: number | bigint
    sub?: number | bigint
    lease?: string
    key?: { text?: string; base64?: string }
  }
  if (revision !== undefined) return `revision ${revision}${sub ? `.${sub}` : ''}`
  if (key === undefined) return lease === undefined ? 'outside of the page' : `lease ${lease}`
  if (key.text !== undefined) return escapeForTerminal(key.text)
  return escapeForTerminal(Buffer.from(key.base64 ?? '', 'base64'))
}
