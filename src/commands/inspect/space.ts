import { string } from '@oclif/core/args'
import { boolean, integer, option, string as text } from '@oclif/core/flags'
import { Base } from '../../cli/base-command.ts'
import { UsageError } from '../../cli/errors.ts'
import { inspectionExit } from '../../cli/inspection-exit.ts'
import { keyBytes } from '../../cli/key-flags.ts'
import { writeLines } from '../../cli/lines.ts'
import { Findings } from '../../lib/findings/findings.ts'
import { openDbFile } from '../../lib/member/open-db.ts'
import { findingsReport } from '../../lib/report/finding.ts'
import { groupReport, restReport, spaceHead } from '../../lib/report/space.ts'
import { readSpace, SPACE_BY } from '../../lib/store/space.ts'
import { SPACE_ORDERS } from '../../lib/store/space-usage.ts'

/** No key has so many levels that mean anything. */
const DEEPEST = 64

export default class InspectSpace extends Base {
  static override summary = 'Show what takes up the space of a db or backup.'

  static override description = [
    'Takes a db, a backup, a .snap.db or a data dir, also compressed or from standard input, and shows ' +
      'what of it is live, history and free pages, what compaction and defragmentation would give ' +
      'back, and which prefixes, kinds, namespaces or keys are the largest.',
    'Bytes are those of rows as they are stored: the revision, the key, the value and what etcd keeps ' +
      'with it. History is what is not live: overwritten revisions, and deletions. CHANGES says how ' +
      'often live keys were changed since they were created, also before the last compaction.',
    'What a compaction would remove is exact. What a defragmentation would leave is estimated: the ' +
      'rows, on pages that are 90 % full, as etcd packs them.',
  ].join('\n\n')

  static override args = {
    path: string({ required: true, description: 'db, backup, .snap.db or data dir; - for stdin.' }),
  }

  static override flags = {
    by: option({
      options: SPACE_BY,
      default: 'prefix',
      summary: 'What to group keys by; kind and namespace are of Kubernetes.',
    })(),
    depth: integer({
      summary: 'So many levels of prefixes.',
      min: 0,
      max: DEEPEST,
      default: 2,
    }),
    separator: text({ summary: 'What ends a level of prefixes.', default: '/' }),
    top: integer({ summary: 'So many groups.', min: 0, default: 20 }),
    sort: option({
      options: SPACE_ORDERS,
      default: 'total',
      summary: 'The largest in this first; records counts stored revisions.',
    })(),
    'all-findings': boolean({ summary: 'List every finding, not the first 100 of each id.' }),
  }

  static override examples = [
    {
      description: 'Why is the db so large?',
      command: '<%= config.bin %> <%= command.id %> /var/lib/etcd',
    },
    {
      description: 'Kinds of Kubernetes by their stored revisions',
      command: '<%= config.bin %> <%= command.id %> backup.db --by kind --sort records',
    },
    {
      description: 'The keys that are written most often',
      command: '<%= config.bin %> <%= command.id %> backup.db --by key --sort changes --top 10',
    },
  ]

  static override exitCodes = {
    0: 'shown, and nothing is damaged',
    1: 'damage found: the numbers are of what could be read',
  }

  override async run(): Promise<object | undefined> {
    const { args, flags } = await this.parse(InspectSpace)
    const { by, depth, top, sort: order } = flags
    const separator = keyBytes(flags.separator)
    if (separator.length === 0) throw new UsageError('--separator takes one character or more')
    const findings = new Findings(flags['all-findings'] ? Number.POSITIVE_INFINITY : undefined)
    const source = await openDbFile(args.path, findings)
    const options = { by, depth, separator, top, order }
    const space = source && readSpace(source, findings, options)
    source?.close()
    this.raise(inspectionExit(findings))
    if (this.format === 'table') {
      const { openSheet } = await import('../../cli/inspect/sheet.ts')
      const { showSpace } = await import('../../cli/space/card.ts')
      showSpace(await openSheet(this.out), args.path, by, space, findings)
      return undefined
    }
    const head = space ? spaceHead(args.path, by, space) : {}
    const groups = space?.groups.map((group) => groupReport(by, group)) ?? []
    const { findings: listed, counts } = findingsReport(findings)
    const end = {
      rest: space && restReport(space),
      partial: findings.of('error') > 0 || undefined,
      counts,
    }
    if (this.format === 'ndjson') {
      const lines = listed.map((finding) => ({ type: 'finding', ...finding }))
      writeLines(this.out, { ...this.envelope(), ...head }, [...groups, ...lines], end)
      return undefined
    }
    return { ...head, groups, ...end, findings: listed }
  }
}
