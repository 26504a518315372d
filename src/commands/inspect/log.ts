import { string } from '@oclif/core/args'
import { boolean, directory, integer, option, string as text } from '@oclif/core/flags'
import { Base } from '../../cli/base-command.ts'
import { UsageError } from '../../cli/errors.ts'
import { inspectionExit } from '../../cli/inspection-exit.ts'
import { LogListing } from '../../cli/log/listing.ts'
import { entryQuery } from '../../cli/log/query.ts'
import { pathsOf } from '../../cli/paths.ts'
import { Findings } from '../../lib/findings/findings.ts'
import { readLog, snapshotIndex } from '../../lib/member/read-log.ts'
import { plusOne } from '../../lib/proto/uint64.ts'
import { VALUE_FORMS } from '../../lib/report/bytes.ts'

export default class InspectLog extends Base {
  static override summary = 'List the entries and records of a write-ahead log.'

  static override description = [
    'Takes a data dir, a WAL directory or one segment, checks all of it, and lists the entries with ' +
      'where they stand, whether they are committed, and what they ask for. In the list, ? marks ' +
      'entries that are not known to be committed, x those that were overwritten, ! those beyond damage.',
    'Values are shown by their size, and passwords and tokens not at all, unless asked for. In a key ' +
      'on the command line, \\xNN stands for any byte.',
  ].join('\n\n')

  static override args = {
    path: string({
      required: true,
      description: 'Data dir, WAL directory or segment; - for stdin.',
    }),
  }

  static override flags = {
    'wal-dir': directory({ summary: 'The WAL of a data dir that keeps it elsewhere.' }),
    'start-index': text({ summary: 'Entries from this index on.' }),
    'end-index': text({ summary: 'Entries below this index.' }),
    'from-snapshot': boolean({
      summary: 'Entries behind the snapshot that etcd starts from, as etcd-dump-logs lists them.',
    }),
    term: text({ summary: 'Entries of this term.' }),
    type: text({
      aliases: ['entry-type'],
      summary: 'Entries of these types: put, txn, confChange, IRRPut, ConfigChange, …',
      multiple: true,
      multipleNonGreedy: true,
    }),
    key: text({ summary: 'Entries that touch this key.', multiple: true, multipleNonGreedy: true }),
    prefix: text({
      summary: 'Entries that touch a key with this prefix.',
      multiple: true,
      multipleNonGreedy: true,
    }),
    range: text({
      summary: 'Entries that touch a key from FROM up to but not including TO.',
      helpValue: 'FROM..TO',
      multiple: true,
      multipleNonGreedy: true,
    }),
    'from-end': integer({ summary: 'Only so many of the last entries that match.', min: 0 }),
    limit: integer({ summary: 'At most so many entries.', min: 0 }),
    raw: boolean({ summary: 'Every record as it stands in the segments, too.' }),
    detail: boolean({ summary: 'Below each entry, where it stands and all that it holds.' }),
    values: option({ options: VALUE_FORMS, summary: 'Show values in this form.' })(),
    'show-secrets': boolean({ summary: 'Show passwords and tokens.' }),
    'stream-decoder': text({
      summary: 'A program that reads payloads as lines of hex and answers lines of STATUS|TEXT.',
      helpValue: '"EXE ARGS"',
    }),
    'all-findings': boolean({ summary: 'List every finding, not the first 100 of each id.' }),
  }

  static override examples = [
    {
      description: 'What happened last before the member stopped',
      command: '<%= config.bin %> <%= command.id %> /var/lib/etcd --from-end 20',
    },
    {
      description: 'Who changed this key, and when',
      command:
        '<%= config.bin %> <%= command.id %> /var/lib/etcd --key /registry/pods/default/web-0',
    },
    {
      description: 'Every membership change, for a script',
      command: '<%= config.bin %> <%= command.id %> /var/lib/etcd --type confChange -o ndjson',
    },
  ]

  static override exitCodes = {
    0: 'shown, and nothing is damaged',
    1: 'damage found',
  }

  override async run(): Promise<object | undefined> {
    const { args, flags } = await this.parse(InspectLog)
    const query = entryQuery(flags)
    if (flags['from-snapshot'] && query.startIndex !== undefined) {
      throw new UsageError('--from-snapshot contradicts --start-index')
    }
    const findings = new Findings(flags['all-findings'] ? Number.POSITIVE_INFINITY : undefined)
    const [path = ''] = pathsOf([args.path])
    const wal = await readLog(path, findings, flags['wal-dir'])
    if (wal && flags['wal-dir'] && wal.path !== flags['wal-dir']) {
      throw new UsageError('--wal-dir goes with a data dir only')
    }
    this.raise(inspectionExit(findings))
    const listing = new LogListing(this.out, wal, findings, {
      query:
        wal && flags['from-snapshot']
          ? { ...query, startIndex: plusOne(snapshotIndex(path, wal)) }
          : query,
      limits: { limit: flags.limit, fromEnd: flags['from-end'], records: flags.raw },
      disclosure: { values: flags.values, showSecrets: flags['show-secrets'] },
      detail: flags.detail,
      streamDecoder: flags['stream-decoder'],
    })
    if (this.format === 'table') await listing.table()
    else if (this.format === 'ndjson') await listing.lines(this.envelope())
    else return listing.document()
    return undefined
  }
}
