import { string } from '@oclif/core/args'
import { boolean, directory, string as text } from '@oclif/core/flags'
import { Base } from '../../cli/base-command.ts'
import { meantSubcommand } from '../../cli/inspect/meant.ts'
import { inspectionExit } from '../../cli/inspection-exit.ts'
import { writeLines } from '../../cli/lines.ts'
import { pathsOf } from '../../cli/paths.ts'
import { uint64Flag } from '../../cli/uint64-flag.ts'
import { requireDataDir } from '../../cli/wal-dir.ts'
import { Findings } from '../../lib/findings/findings.ts'
import type { Artefact } from '../../lib/member/artefact.ts'
import { readArtefact } from '../../lib/member/read-artefact.ts'
import { artefactReport } from '../../lib/report/artefact.ts'
import { findingsReport } from '../../lib/report/finding.ts'

export default class Inspect extends Base {
  static override summary =
    'Show what anything that etcd leaves on disk is, and whether it is sound.'

  static override description =
    'Takes .snap files, WAL segments, WAL directories, data dirs, db files and backups, and finds out ' +
    'which it is from the bytes. Everything is read whole: every checksum, every page and row, the ' +
    'hashes that `snapshot status` and `endpoint hashkv` show. Nothing is changed: files are opened ' +
    'read-only, without a lock, and a running etcd is not disturbed.\n\n' +
    'A file may be packed with gzip, zstd or zip (a zip of several files: ARCHIVE.zip:NAME), and - is ' +
    'standard input. Both are unpacked into a temporary file in $TMPDIR, which is gone at the end.'

  static override args = {
    path: string({
      required: true,
      description: 'File or directory, or - for stdin; several may be given.',
    }),
  }

  static override strict = false

  static override flags = {
    'wal-dir': directory({ summary: 'The WAL of a data dir that keeps it elsewhere.' }),
    rev: text({
      summary: 'Of every db the HashKV at this revision too, to compare with a running member.',
    }),
    'all-findings': boolean({ summary: 'List every finding, not the first 100 of each id.' }),
  }

  static override examples = [
    {
      description: 'A member that does not start',
      command: '<%= config.bin %> <%= command.id %> /var/lib/etcd',
    },
    {
      description: 'Its newest raft snapshot, for a script',
      command:
        '<%= config.bin %> <%= command.id %> --json member/snap/0000000000000002-00000000000186a1.snap',
    },
    {
      description: 'A data dir whose WAL is on a disk of its own',
      command: '<%= config.bin %> <%= command.id %> --wal-dir /mnt/wal /var/lib/etcd',
    },
  ]

  static override exitCodes = {
    0: 'shown, and nothing is damaged',
    1: 'damage found',
    4: 'refused: a db does not have the revision of --rev',
  }

  override async run(): Promise<object> {
    const { argv, flags } = await this.parse(Inspect)
    const findings = new Findings(flags['all-findings'] ? Number.POSITIVE_INFINITY : undefined)
    const hashKvAt = flags.rev === undefined ? undefined : uint64Flag('rev', flags.rev)
    const options = { walDir: flags['wal-dir'], hashKvAt }
    const artefacts: Artefact[] = []
    for (const path of pathsOf(argv)) {
      findings.artefact = artefacts.length
      artefacts.push(await readArtefact(path, findings, options))
    }
    if (flags['wal-dir']) requireDataDir(artefacts)
    this.raise(inspectionExit(findings))
    const meant = meantSubcommand(String(argv[0]), this.config.commandIDs)
    if (meant) this.logToStderr(`did you mean: etcdsnap inspect ${meant}`)
    if (this.format === 'table') {
      const { showArtefacts } = await import('../../cli/inspect/cards.ts')
      await showArtefacts(this.out, artefacts, findings)
    }
    const { findings: listed, counts } = findingsReport(findings)
    const reports = artefacts.map(artefactReport)
    if (this.format === 'ndjson') {
      const lines = listed.map((finding) => ({ type: 'finding', ...finding }))
      writeLines(this.out, this.envelope(), [...reports, ...lines], { counts })
    }
    return { artefacts: reports, findings: listed, counts }
  }
}
