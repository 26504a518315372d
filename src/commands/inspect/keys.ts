import { string } from '@oclif/core/args'
import { boolean, integer, option, string as text } from '@oclif/core/flags'
import { Base } from '../../cli/base-command.ts'
import { UsageError } from '../../cli/errors.ts'
import { inspectionExit } from '../../cli/inspection-exit.ts'
import { KeyListing } from '../../cli/keys/listing.ts'
import { openKeyspace } from '../../cli/keys/open.ts'
import { keyspaceQuery } from '../../cli/keys/query.ts'
import { writeRawValue } from '../../cli/keys/raw.ts'
import { Findings } from '../../lib/findings/findings.ts'
import { VALUE_FORMS } from '../../lib/report/bytes.ts'
import { escapeForTerminal } from '../../lib/report/escape.ts'
import { DECODE_FORMS } from '../../lib/report/keys.ts'
import { KEY_ORDERS } from '../../lib/store/keyspace-sort.ts'

export default class InspectKeys extends Base {
  static override summary = 'List the keys of a db or backup, now or at any revision it still has.'

  static override description = [
    'Takes a db, a backup, a .snap.db or a data dir, also compressed or from standard input, and lists ' +
      'the live keys with their revisions, version, lease and size: what `etcdctl get` would list of a ' +
      'server that was started with it. Values are shown by their size unless asked for.',
    'In a key on the command line, \\xNN stands for any byte. Memory is bounded whatever the file: ' +
      'what does not fit goes to a temporary file in TMPDIR.',
  ].join('\n\n')

  static override args = {
    path: string({ required: true, description: 'db, backup, .snap.db or data dir; - for stdin.' }),
  }

  static override flags = {
    key: text({ summary: 'This key.', multiple: true, multipleNonGreedy: true }),
    prefix: text({ summary: 'Keys with this prefix.', multiple: true, multipleNonGreedy: true }),
    range: text({
      summary: 'Keys from FROM up to but not including TO.',
      helpValue: 'FROM..TO',
      multiple: true,
      multipleNonGreedy: true,
    }),
    regex: text({ summary: 'Keys that match this regular expression, anywhere in them.' }),
    rev: text({
      summary: 'The keys as they were at this revision, back to the last compaction.',
    }),
    history: boolean({ summary: 'Every stored revision of the keys, and every deletion.' }),
    sort: option({ options: KEY_ORDERS, summary: 'Sort by this instead of the key.' })(),
    reverse: boolean({ summary: 'Last ones first.' }),
    order: option({
      options: ['key', 'revision'] as const,
      summary: 'revision: every stored revision as it stands in the file, read as a stream.',
    })(),
    limit: integer({ summary: 'At most so many.', min: 0 }),
    count: boolean({ summary: 'Only how many there are.', exclusive: ['limit'] }),
    raw: boolean({
      summary: 'Only the bytes of the value of one --key, and nothing else.',
      exclusive: ['prefix', 'range', 'regex', 'history', 'count', 'values', 'decode', 'limit'],
    }),
    values: option({ options: VALUE_FORMS, summary: 'Show values in this form.' })(),
    decode: option({
      options: DECODE_FORMS,
      summary: 'Show which object a value is, of Kubernetes or in JSON.',
    })(),
    'all-findings': boolean({ summary: 'List every finding, not the first 100 of each id.' }),
  }

  static override examples = [
    {
      description: 'What a backup holds below a prefix',
      command: '<%= config.bin %> <%= command.id %> backup.db --prefix /registry/secrets/',
    },
    {
      description: 'The largest values',
      command: '<%= config.bin %> <%= command.id %> backup.db --sort size --reverse --limit 20',
    },
    {
      description: 'What became of a key',
      command:
        '<%= config.bin %> <%= command.id %> /var/lib/etcd --history --key /registry/pods/default/web-0',
    },
    {
      description: 'One value, as it was at a revision',
      command:
        '<%= config.bin %> <%= command.id %> backup.db --rev 4711 --raw --key /registry/pods/default/web-0 > pod.bin',
    },
  ]

  static override exitCodes = {
    0: 'shown, and nothing is damaged',
    1: 'damage found: keys may be missing',
    4: 'refused: the revision has been compacted, or is a future one',
  }

  override async run(): Promise<object | undefined> {
    const { args, flags } = await this.parse(InspectKeys)
    const query = keyspaceQuery(flags)
    if (flags.raw && (this.format !== 'table' || flags.key?.length !== 1 || query.history)) {
      throw new UsageError('--raw goes with one --key, and with nothing that shows more')
    }
    const findings = new Findings(flags['all-findings'] ? Number.POSITIVE_INFINITY : undefined)
    const inFileOrder = flags.order === 'revision'
    const open = await openKeyspace(args.path, query, inFileOrder, findings)
    if (flags.raw) {
      if (open) writeRawValue(this.out, open, findings, query)
      this.raise(inspectionExit(findings))
      for (const { id, severity, message } of findings.list) {
        this.logToStderr(`${severity}: ${escapeForTerminal(message)} (${id})`)
      }
      return undefined
    }
    const listing = new KeyListing(this.out, open, findings, {
      query,
      limit: flags.limit,
      count: flags.count,
      disclosure: { values: flags.values, decode: flags.decode },
    })
    const document = await this.show(listing)
    this.raise(inspectionExit(findings))
    return document
  }

  private async show(listing: KeyListing): Promise<object | undefined> {
    if (this.format === 'table') await listing.table()
    else if (this.format === 'ndjson') listing.lines(this.envelope())
    else return listing.document()
    return undefined
  }
}
