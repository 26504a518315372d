import { string } from '@oclif/core/args'
import { boolean, directory } from '@oclif/core/flags'
import { Base } from '../../cli/base-command.ts'
import { inspectionExit } from '../../cli/inspection-exit.ts'
import { writeLines } from '../../cli/lines.ts'
import { pathsOf } from '../../cli/paths.ts'
import { requireDataDir } from '../../cli/wal-dir.ts'
import { Findings } from '../../lib/findings/findings.ts'
import { membersBySource } from '../../lib/member/members-by-source.ts'
import { readMemberFiles } from '../../lib/member/read-member-files.ts'
import { findingsReport } from '../../lib/report/finding.ts'
import { memberLine, membersReport } from '../../lib/report/members.ts'

export default class InspectMembers extends Base {
  static override summary = 'Show who belongs to the cluster, by every source on disk.'

  static override description = [
    'Takes a data dir, a WAL, a .snap, a db or a backup, and shows a row for each member and a column ' +
      'for each place that names members: ConfState and v2 store of the .snap, snapshot records and ' +
      'entries of the WAL, members and confState of the db.',
    'etcd up to 3.5 goes by the v2 store and the WAL, 3.6 and later by the db. Where these differ an ' +
      'upgrade to 3.6 changes who belongs to the cluster: zombie members, learners that one has ' +
      'promoted and another has not. Differences that are as they should be, as after a restore, are ' +
      'explained, and are no findings.',
  ].join('\n\n')

  static override args = {
    path: string({
      required: true,
      description: 'Data dir, WAL, .snap, db or backup; - for stdin.',
    }),
  }

  static override flags = {
    'wal-dir': directory({ summary: 'The WAL of a data dir that keeps it elsewhere.' }),
    'all-findings': boolean({ summary: 'List every finding, not the first 100 of each id.' }),
  }

  static override examples = [
    {
      description: 'Before an upgrade to etcd 3.6',
      command: '<%= config.bin %> <%= command.id %> /var/lib/etcd',
    },
    {
      description: 'Zombie members, for a script',
      command: '<%= config.bin %> <%= command.id %> -o ndjson /var/lib/etcd | grep MEMBER_ZOMBIE',
    },
  ]

  static override exitCodes = {
    0: 'shown, and nothing is damaged',
    1: 'damage found, or members differ that count',
  }

  override async run(): Promise<object | undefined> {
    const { args, flags } = await this.parse(InspectMembers)
    const findings = new Findings(flags['all-findings'] ? Number.POSITIVE_INFINITY : undefined)
    const [path = ''] = pathsOf([args.path])
    const files = await readMemberFiles(path, findings, flags['wal-dir'])
    if (files && flags['wal-dir']) requireDataDir([files])
    const members = files && membersBySource(files, findings)
    this.raise(inspectionExit(findings))
    if (this.format === 'table') {
      const { openSheet } = await import('../../cli/inspect/sheet.ts')
      const { showMembersBySource } = await import('../../cli/members/table.ts')
      showMembersBySource(await openSheet(this.out), members, findings)
      return undefined
    }
    const head = members ? membersReport(members) : {}
    const rows = members?.members.map(memberLine) ?? []
    const { findings: listed, counts } = findingsReport(findings)
    if (this.format === 'ndjson') {
      const lines = listed.map((finding) => ({ type: 'finding', ...finding }))
      writeLines(this.out, { ...this.envelope(), ...head }, [...rows, ...lines], { counts })
      return undefined
    }
    return { ...head, members: rows, findings: listed, counts }
  }
}
