/** The data dirs of all fixtures, with what the servers said of them. */
import { join } from 'node:path'
import { Findings } from '../../src/lib/findings/findings.ts'
import { readArtefact } from '../../src/lib/member/read-artefact.ts'
import { artefactReport } from '../../src/lib/report/artefact.ts'
import { toJson } from '../../src/lib/report/json.ts'
import type { ClusterTruth, MemberTruth } from '../fixtures/make/truth.ts'
import type { WalTruth } from '../fixtures/make/wal-truth.ts'
import { listFixtures, type Truth } from '../fixtures/open.ts'
import { fixture } from '../support/fixtures.ts'

/** How the member was left, which says what its last words are worth. */
export type State =
  /** It was asked and then stopped in order: all it said is on the disk. */
  | 'stopped'
  /** SIGKILL under load; asked after it was started again, on another copy. */
  | 'killed'
  /** SIGKILL while it installed the leader's snapshot; asked when that was long done. */
  | 'installing'
  /** Written by `snapshot restore`, and never started; asked on another copy that was. */
  | 'restored'

export interface DataDirFixture {
  /** `<version>/<scenario>/<artefact>` */
  readonly name: string
  readonly scenario: string
  readonly path: string
  readonly state: State
  readonly truth: Truth
  readonly member: MemberTruth
  readonly cluster: ClusterTruth
  readonly wal: WalTruth
}

export function dataDirs(): DataDirFixture[] {
  return listFixtures().flatMap(([version, scenario]) => {
    const { dir, truth } = fixture(version, scenario)
    return Object.entries(truth.wal).map(([artefact, wal]) => ({
      name: `${version}/${scenario}/${artefact}`,
      scenario,
      path: join(dir, artefact),
      truth,
      wal,
      ...saidOf(artefact, scenario, truth),
    }))
  })
}

/** @throws Error for an artefact that nobody was asked about: its truth has to be defined here */
function saidOf(
  artefact: string,
  scenario: string,
  { expect, cluster, started }: Truth,
): Pick<DataDirFixture, 'state' | 'member' | 'cluster'> {
  const said: Readonly<Record<string, [State, MemberTruth | undefined]>> = {
    'killed/data': ['killed', expect.restarted],
    'install-snapshot/installing': ['installing', expect.installed],
    'restored/data': ['restored', expect.started],
    'restored/bumped': ['restored', expect.started],
  }
  const [state, member] = said[`${scenario}/${artefact}`] ?? ['stopped', expect[artefact]]
  if (member === undefined) throw new Error(`no truth about ${scenario}/${artefact}`)
  return { state, member, cluster: started ?? cluster }
}

/** What the tests look at in the JSON of an artefact; docs/contract.md has the whole. */
export interface Report {
  readonly type: string
  readonly memberId?: string
  readonly clusterId?: string
  readonly name?: string
  readonly writtenBy?: string
  readonly term?: number
  readonly commitIndex?: number
  readonly lastIndex?: number
  readonly index?: number
  readonly confState?: ConfStateReport
  readonly members?: readonly {
    readonly id: string
    readonly name?: string
    readonly peerUrls: readonly string[]
    readonly clientUrls: readonly string[]
    readonly isLearner: boolean
  }[]
  readonly removedMembers?: readonly string[]
  readonly clusterVersion?: string
  readonly userKeys?: readonly string[]
  readonly loadedSnap?: string
  readonly crc?: { readonly ok: boolean }
  readonly fileName?: { readonly ok: boolean }
  readonly snaps?: readonly Report[]
  readonly wal?: Report
  readonly db?: Report
  readonly snapDbs?: readonly Report[]
  readonly path: string
  readonly bytes: number
  readonly pages?: number
  readonly pageSize?: number
  readonly sha256?: {
    readonly present: boolean
    readonly stored?: string
    readonly computed?: string
    readonly ok?: boolean
    readonly reason?: string
  }
  readonly statusHash?: string
  readonly hashKv?: readonly {
    readonly rule: string
    readonly hash: string
    readonly revision: number
    readonly compactRevision: number
  }[]
  readonly revision?: number
  readonly compactRevision?: number
  readonly keys?: { readonly live: number; readonly records: number; readonly tombstones: number }
  readonly rowsAllBuckets?: number
  readonly consistentIndex?: number
  readonly storageVersion?: string
  readonly leases?: number
  readonly alarms?: readonly { readonly memberId: string; readonly alarm: string }[]
  readonly auth?: {
    readonly enabled: boolean
    readonly users: readonly string[]
    readonly roles: readonly string[]
  }
  readonly meta?: readonly { readonly ok: boolean; readonly active: boolean }[]
  readonly metadata?: { readonly memberId: string; readonly clusterId: string }
  readonly hardState?: { readonly term: number; readonly vote: string; readonly commit: number }
  readonly snapshots?: readonly {
    readonly index: number
    readonly term: number
    readonly confState?: ConfStateReport
  }[]
  readonly entries?: {
    readonly firstIndex: number
    readonly lastIndex: number
    readonly count: number
    readonly overwritten: number
    readonly byType: Readonly<Record<string, number>>
  }
  readonly segments?: readonly {
    readonly path: string
    readonly seq: number
    readonly firstIndex: number
    readonly records: number
    readonly entries: number
    readonly bytes: number
    readonly lastValidOffset: number
    readonly tail: string
  }[]
}

interface ConfStateReport {
  readonly voters: readonly string[]
  readonly learners: readonly string[]
}

/** The report of an artefact as a script reads it, and what was found. */
export async function reportOf(path: string): Promise<{ report: Report; findings: Findings }> {
  const findings = new Findings()
  const report = JSON.parse(toJson(artefactReport(await readArtefact(path, findings))))
  return { report, findings }
}
