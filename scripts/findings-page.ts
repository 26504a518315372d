import { DB_FINDINGS } from '../src/lib/findings/catalogue/db.ts'
import { FILE_FINDINGS } from '../src/lib/findings/catalogue/file.ts'
import { MEMBER_FINDINGS } from '../src/lib/findings/catalogue/member.ts'
import { MVCC_FINDINGS } from '../src/lib/findings/catalogue/mvcc.ts'
import { SNAP_FINDINGS } from '../src/lib/findings/catalogue/snap.ts'
import { STORE_FINDINGS } from '../src/lib/findings/catalogue/store.ts'
import { WAL_FINDINGS } from '../src/lib/findings/catalogue/wal.ts'
import { CATALOGUE } from '../src/lib/findings/catalogue.ts'
import type { CatalogueEntry } from '../src/lib/findings/entry.ts'

const families: Record<string, Record<string, CatalogueEntry>> = {
  'Any file': FILE_FINDINGS,
  'Raft snapshots (`.snap`)': SNAP_FINDINGS,
  WAL: WAL_FINDINGS,
  'bbolt files (`db`, backups, `.snap.db`)': DB_FINDINGS,
  'Keys and their revisions in a db': MVCC_FINDINGS,
  "etcd's own rows in a db": STORE_FINDINGS,
  'Data dirs': MEMBER_FINDINGS,
}

const head = `\
# Findings

<!-- Written by \`npm run docs\` from src/lib/findings/catalogue. -->

Everything \`etcdsnap\` may say about a file, by id. An id is never renamed, and never used again for
something else, so that scripts and runbooks may rely on it.

An **error** makes \`inspect\` end with exit code 1, and with 3 where it only says that nothing could be
read, as \`FILE_UNREADABLE\` does; warnings and infos do not. The severity below is the usual one; the
place of an occurrence can change it.
`

/** docs/findings.md: a table to look an id up in, then every finding in full. */
export function findingsPage(): string {
  const listed = Object.values(families).reduce((sum, each) => sum + Object.keys(each).length, 0)
  if (listed !== Object.keys(CATALOGUE).length) throw new Error('a family of findings is missing')
  const rows = Object.entries(CATALOGUE).map(([id, { severity, title }]) => [
    `[\`${id}\`](#${id.toLowerCase()})`,
    severity,
    title,
  ])
  const sections = Object.entries(families).map(
    ([title, entries]) => `## ${title}\n\n${Object.entries(entries).map(section).join('\n')}`,
  )
  return `${[head, table(['id', 'severity', ''], rows), ...sections].join('\n').trimEnd()}\n`
}

/** With its columns flush, as the formatter wants them. */
function table(head: string[], rows: string[][]): string {
  const widths = head.map((_, column) =>
    Math.max(...[head, ...rows].map((row) => row[column]?.length ?? 0)),
  )
  const lines = [head, widths.map((width) => '-'.repeat(width)), ...rows].map((row) => {
    const cells = row.map((cell, column) => cell.padEnd(widths[column] ?? 0))
    return `| ${cells.join(' | ')} |\n`
  })
  return lines.join('')
}

function section([id, entry]: [string, CatalogueEntry]): string {
  const { title, severity, meaning, remedy } = entry
  return `### ${id}\n\n**${title}** (${severity}). ${meaning}\n\n_Next:_ ${remedy}\n`
}
