import { string } from '@oclif/core/args'
import { boolean, option } from '@oclif/core/flags'
import { Base } from '../../cli/base-command.ts'
import { UsageError } from '../../cli/errors.ts'
import { inspectionExit } from '../../cli/inspection-exit.ts'
import { PageListing } from '../../cli/pages/listing.ts'
import { pathsOf } from '../../cli/paths.ts'
import { pagesOf } from '../../lib/bolt/page-listing.ts'
import { Findings } from '../../lib/findings/findings.ts'
import { FindingsOfPages } from '../../lib/findings/findings-of-pages.ts'
import { openDb } from '../../lib/member/open-db.ts'
import { VALUE_FORMS } from '../../lib/report/bytes.ts'

export default class InspectPages extends Base {
  static override summary = 'List the pages of a db or backup, or show some of them in detail.'

  static override description = [
    'Takes a db, a backup, a .snap.db or a data dir, reads every tree in it, and lists the pages in ' +
      'their order: what each is, to which bucket it belongs, and which revisions it holds. With page ' +
      'numbers it shows those pages: header, path from the root, and every element with its place. ' +
      'Damaged pages are shown as they are, beside what is wrong with them. Free pages still have ' +
      'what they held before.',
    'Values are shown by their size, and password hashes not at all, unless asked for; --hex shows ' +
      'all bytes of a page.',
  ].join('\n\n')

  static override args = {
    path: string({ required: true, description: 'db, backup, .snap.db or data dir; - for stdin.' }),
    id: string({
      description: 'Number of a page to show in detail; several may be given.',
      // Else what is sent to us is taken for the number.
      ignoreStdin: true,
    }),
  }

  static override strict = false

  static override flags = {
    hex: boolean({ summary: 'Dump the bytes of the pages, too.' }),
    stats: boolean({ summary: 'Count pages by kind, and what each bucket uses of its own.' }),
    values: option({ options: VALUE_FORMS, summary: 'Show values in this form.' })(),
    'show-secrets': boolean({ summary: 'Show password hashes.' }),
    'all-findings': boolean({ summary: 'List every finding, not the first 100 of each id.' }),
  }

  static override examples = [
    {
      description: 'What is on every page of a backup',
      command: '<%= config.bin %> <%= command.id %> backup.db',
    },
    {
      description: 'The meta pages, and a page that a finding names',
      command: '<%= config.bin %> <%= command.id %> /var/lib/etcd/member/snap/db 0 1 4711 --hex',
    },
    {
      description: 'How full the pages are',
      command: '<%= config.bin %> <%= command.id %> backup.db --stats',
    },
  ]

  static override exitCodes = {
    0: 'shown, and nothing is damaged',
    1: 'damage found; with page numbers, on those pages or of the file as a whole',
  }

  override async run(): Promise<object | undefined> {
    const { argv, flags } = await this.parse(InspectPages)
    const [given, ...rest] = argv.map(String)
    const [path = ''] = pathsOf([given])
    const ids = rest.map(pageId)
    if (flags.stats && ids.length > 0) throw new UsageError('--stats goes without page numbers')
    if (flags.hex && ids.length === 0) throw new UsageError('--hex goes with page numbers')
    const perId = flags['all-findings'] ? Number.POSITIVE_INFINITY : undefined
    const findings = ids.length > 0 ? new FindingsOfPages(ids, perId) : new Findings(perId)
    const open = await openDb(path, findings, true)
    const missing = open && ids.find((id) => id >= pagesOf(open.db))
    if (open && missing !== undefined) {
      throw new UsageError(
        `there is no page ${missing}`,
        `the file has pages 0 to ${pagesOf(open.db) - 1}`,
      )
    }
    const { hex, values } = flags
    const disclosure = { hex, values, showSecrets: flags['show-secrets'] }
    const listing = new PageListing(this.out, open, findings, {
      ids,
      stats: flags.stats,
      ...disclosure,
    })
    this.raise(inspectionExit(findings))
    if (this.format === 'table') await listing.table()
    else if (this.format === 'ndjson') listing.lines(this.envelope())
    else return listing.document()
    return undefined
  }
}

function pageId(text: string): number {
  const id = /^\d{1,15}$/.test(text) ? Number(text) : undefined
  if (id === undefined) throw new UsageError(`a page is a number, not ${text}`)
  return id
}
