/**
 * Entry by entry, the log is the one that etcd's own etcd-dump-logs reads: on every fixture and on
 * 100 000 entries of every kind, by two builds of it.
 *
 * Of each entry this compares term, index, norm or conf, the payload's bytes (handed to a stream
 * decoder by both programs), and the text that the tool prints with the fields that we show.
 *
 * There are four differences, each a case of its own below; where the tool's flags or its copies
 * need help to list a whole log, `dump-logs.ts` says why. Nothing else may differ.
 */
import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import path from 'node:path'
import { after, before, describe, it } from 'node:test'
import { loadedDataDir } from '../../bench/load/data.ts'
import { Findings } from '../../src/lib/findings/findings.ts'
import { readLog } from '../../src/lib/member/read-log.ts'
import { parseEntryTypes } from '../../src/lib/wal/entry-types.ts'
import { Selection } from '../../src/lib/wal/selection.ts'
import { etcdsnap } from '../cli/spawn.ts'
import { listFixtures } from '../fixtures/open.ts'
import { fixture } from '../support/fixtures.ts'
import {
  copiesAroundJump,
  copyOfDataDir,
  copyOfPurgedWal,
  copyOfWal,
  type Dump,
  type DumpCopy,
  type DumpedEntry,
  dump,
  dumpIndexes,
  dumpLogsTypes,
  dumpLogsVersions,
  echo,
  removeCopy,
} from './dump-logs.ts'
import { type ShownRequest, shownRequest, v2Text } from './dump-logs-detail.ts'

/** An `entry` line of `inspect log -o ndjson`. */
interface Entry extends ShownRequest {
  type: string
  term: number
  index: number
  entryType: string
  overwritten: boolean
  offset: number
  decoder?: { status: string; data: string }
}

interface Log {
  metadata: { memberId: string; clusterId: string }
  hardState: { term: number; vote: string; commit: number }
  entries: Entry[]
}

for (const [version, scenario] of listFixtures()) {
  const { dir, truth } = fixture(version, scenario)
  for (const artefact of Object.keys(truth.wal)) {
    compare(`${version}/${scenario}/${artefact}`, async () => path.join(dir, artefact))
  }
}

compare('100 000 mixed entries', () => loadedDataDir('mixed100k'))

describe('-start-index', () => {
  const { dir } = fixture('3.6.14', 'killed')
  const dataDir = path.join(dir, 'data')
  const copy = copyOfWal(path.join(dataDir, 'member/wal'))
  const ours = (start: number) =>
    indexesOf(entriesOf(inspectLog([`--start-index=${start}`, dataDir])))

  for (const version of dumpLogsVersions) {
    it(`begins behind the index with ${version}, and at it with us`, async () => {
      for (const start of [1, 2, 30, 83]) {
        const args = ['-start-index', String(start)]
        const dumped = await dumpIndexes(version, { ...copy, args })
        assert.deepEqual(ours(start), [start, ...dumped])
      }
    })
  }
})

function compare(name: string, dataDirOf: () => Promise<string>): void {
  describe(name, () => {
    let dataDir = ''
    let log: Log
    let copies: DumpCopy[] = []
    let whole: DumpCopy

    before(async () => {
      dataDir = await dataDirOf()
      log = read(dataDir)
      copies = copiesOf(dataDir, log)
      whole = copyOfDataDir(dataDir)
    })

    after(() => [...copies, whole].forEach(removeCopy))

    it('is the same without values and payloads', () => {
      const plain = entriesOf(inspectLog(['--show-secrets', dataDir]))
      assert.deepEqual(
        plain,
        log.entries.map(({ decoder: _, ...entry }) => withoutHex(entry)),
      )
    })

    for (const version of dumpLogsVersions) {
      it(`is what ${version} dumps`, async (t) => {
        const dumps: Dump[] = []
        for (const copy of copies) dumps.push(await dump(version, copy))
        const { memberId, clusterId, hardState } = dumps.at(-1) as Dump
        const { term, vote, commit } = log.hardState
        assert.deepEqual(hardState, { term, commit, vote: unpadded(vote) })
        assert.equal(memberId, unpadded(log.metadata.memberId))
        assert.equal(clusterId, unpadded(log.metadata.clusterId))
        const dumped = dumps.flatMap(({ entries }) => entries)
        // Difference 1: the tool forgets entries that were overwritten, and we flag them.
        const inEffect = log.entries.filter(({ overwritten }) => !overwritten)
        assert.deepEqual(indexesOf(inEffect), indexesOf(dumped))
        const differences = { overwritten: log.entries.length - inEffect.length, contexts: 0 }
        for (const [position, entry] of inEffect.entries()) {
          compareHead(entry, dumped[position] as DumpedEntry)
          const ours = { ...requestOf(entry) }
          // Difference 2: of a change of the membership the tool prints type and member only.
          if (ours.request === 'confChange') {
            differences.contexts += withoutContext(ours)
          }
          comparePrinted(ours, dumped[position] as DumpedEntry)
        }
        t.diagnostic(`${inEffect.length} entries, differences: ${JSON.stringify(differences)}`)
      })

      it(`lists from a snapshot on what ${version} does without flags`, async () => {
        const lines = entriesOf(inspectLog(['--from-snapshot', dataDir]))
        const listed = indexesOf(lines.filter(({ overwritten }) => !overwritten))
        // Difference 3: the tool begins behind the newest `.snap`; etcd, and we, behind the newest
        // that is committed. They differ when the leader's snapshot was not yet taken over.
        const newest = newestSnap(dataDir)
        const isCommitted = newest <= log.hardState.commit
        const ours = isCommitted ? listed : listed.filter((index) => index > newest)
        const dumped = dumpIndexes(version, whole)
        // Difference 4: where nothing is to be listed, 3.5's tool panics.
        if (version === '3.5.33' && ours.length === 0) {
          await assert.rejects(dumped, /panic: runtime error: index out of range \[-1\]/)
        } else {
          assert.deepEqual(ours, await dumped)
        }
      })

      it(`selects by type what ${version} does`, async () => {
        for (const type of dumpLogsTypes) {
          const dumped: number[] = []
          for (const copy of copies) {
            dumped.push(...(await dumpIndexes(version, copy, ['-entry-type', type])))
          }
          assert.deepEqual(await indexesOfType(dataDir, type), dumped, type)
        }
      })
    }
  })
}

function compareHead(entry: Entry, { term, kind, hex }: DumpedEntry): void {
  assert.equal(entry.term, term, `the term of entry ${entry.index}`)
  assert.equal(entry.entryType === 'normal' ? 'norm' : 'conf', kind)
  assert.ok(entry.decoder?.data === hex, `the payload of entry ${entry.index}`)
}

function comparePrinted(ours: ShownRequest, dumped: DumpedEntry): void {
  const printed = shownRequest(dumped)
  if (printed) {
    assert.deepEqual(ours, printed)
  } else {
    assert.equal(ours.request, 'v2Request')
    assert.equal(v2Text(ours.detail), dumped.text)
  }
}

/** Takes away the change's id, its context and the member that names; tells how many contexts there were. */
function withoutContext(ours: ShownRequest): number {
  const { type, nodeId, member, context } = ours.detail as { [name: string]: { id?: string } }
  ours.detail = { type, nodeId }
  delete ours.requestId
  if (member?.id !== undefined) assert.equal(member.id, nodeId)
  return member || context ? 1 : 0
}

function requestOf({ request, requestId, detail }: Entry): ShownRequest {
  return { request, ...(requestId !== undefined && { requestId }), detail }
}

/** How the tool can be made to list all of a log: see each way of copying. */
function copiesOf(dataDir: string, { entries }: Log): DumpCopy[] {
  const jump = entries.find(({ index }, at) => at > 0 && index > (entries[at - 1]?.index ?? 0) + 1)
  if (jump) return copiesAroundJump(dataDir, jump.offset)
  const walDir = path.join(dataDir, 'member/wal')
  return [entries[0]?.index === 1 ? copyOfWal(walDir) : copyOfPurgedWal(walDir)]
}

/** The whole log as we show it, with every value and secret, and the payloads echoed. */
function read(dataDir: string): Log {
  const show = ['--values', 'hex', '--show-secrets', '--stream-decoder', echo]
  const stdout = inspectLog([...show, dataDir])
  const { metadata, hardState } = JSON.parse(stdout.slice(0, stdout.indexOf('\n')))
  return { metadata, hardState, entries: entriesOf(stdout) }
}

function inspectLog(args: string[]): string {
  const { status, stdout, stderr } = etcdsnap(['inspect', 'log', '-o', 'ndjson', ...args], {
    maxBuffer: 1 << 30,
  })
  assert.equal(status, 0, stderr)
  return stdout
}

function entriesOf(ndjson: string): Entry[] {
  const lines = ndjson.trimEnd().split('\n')
  return lines.map((line) => JSON.parse(line)).filter(({ type }) => type === 'entry')
}

function indexesOf(entries: readonly { index: number }[]): number[] {
  return entries.map(({ index }) => index)
}

async function indexesOfType(dataDir: string, type: string): Promise<number[]> {
  const types = parseEntryTypes(type)
  const log = await readLog(dataDir, new Findings())
  assert.ok(types.ok && log)
  const selection = new Selection(log.log, { hasType: types.matches })
  const indexes: number[] = []
  while (selection.next()) {
    if (!selection.position.overwritten) indexes.push(Number(selection.frames.entry.index))
  }
  selection.close()
  return indexes
}

/** What a value is shown as without `--values`. */
function withoutHex<T>(entry: T): T {
  return JSON.parse(JSON.stringify(entry, (name, value) => (name === 'hex' ? undefined : value)))
}

/** The index in the name of the newest `.snap`; 0 when there is none. */
function newestSnap(dataDir: string): number {
  const names = readdirSync(path.join(dataDir, 'member/snap')).filter((name) =>
    /\.snap$/.test(name),
  )
  const [, index = '0'] = names.sort().at(-1)?.replace('.snap', '').split('-') ?? []
  return Number.parseInt(index, 16)
}

function unpadded(id: string): string {
  return BigInt(`0x${id}`).toString(16)
}
