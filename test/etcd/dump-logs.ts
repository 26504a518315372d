/** etcd's own reader of write-ahead logs, as an oracle: it runs on copies, since it renames files. */
import { cpSync, mkdirSync, readdirSync, renameSync, rmSync, truncateSync } from 'node:fs'
import path from 'node:path'
import { tempDir } from '../support/temp-dir.ts'
import { ensureEtcd } from './install/install.ts'
import { run } from './install/run.ts'

/** The builds that entries are compared with; 3.7.1's prints addresses and panics. */
export const dumpLogsVersions = ['3.5.33', '3.6.14'] as const

/** Every name that `-entry-type` takes. */
export const dumpLogsTypes = [
  'ConfigChange',
  'Normal',
  'Request',
  'InternalRaftRequest',
  'IRRRange',
  'IRRPut',
  'IRRDeleteRange',
  'IRRTxn',
  'IRRCompaction',
  'IRRLeaseGrant',
  'IRRLeaseRevoke',
  'IRRLeaseCheckpoint',
] as const

/** Answers each payload with the payload. */
export const echo = 'sed -u s/^/OK|/'

/** One line of its list. */
export interface DumpedEntry {
  term: number
  index: number
  kind: 'norm' | 'conf'
  text: string
  /** The payload, as the tool handed it to the decoder. */
  hex: string
}

export interface Dump {
  /** Unpadded hex, as it prints ids. */
  memberId: string
  clusterId: string
  hardState: { term: number; commit: number; vote: string }
  entries: DumpedEntry[]
}

/** A copy that the tool may read. */
export interface DumpCopy {
  dataDir: string
  /** `-start-index` and its value, where the whole copy cannot be had without. */
  args: string[]
}

/** A copy of a whole data dir: the tool begins behind its newest `.snap`. */
export function copyOfDataDir(original: string): DumpCopy {
  const dataDir = tempDir()
  cpSync(original, dataDir, { recursive: true })
  return { dataDir, args: [] }
}

/**
 * A copy of a WAL without `.snap` files: the tool then begins with the first entry, in both versions. In
 * 3.6 `-start-index 0` does the same; in 3.5 that means "from the newest `.snap`", as no flag does.
 */
export function copyOfWal(walDir: string): DumpCopy {
  const dataDir = tempDir()
  mkdirSync(path.join(dataDir, 'member/snap'), { recursive: true })
  cpSync(walDir, path.join(dataDir, 'member/wal'), { recursive: true })
  return { dataDir, args: [] }
}

/**
 * A copy of a WAL whose oldest segments were purged. `-start-index N` wants a segment whose name
 * has an index of at most N, and begins with the entry behind N: so that of the first entry in the
 * first segment cannot be listed, unless the segment is renamed to begin one index earlier.
 */
export function copyOfPurgedWal(walDir: string): DumpCopy {
  const { dataDir } = copyOfWal(walDir)
  const copy = path.join(dataDir, 'member/wal')
  const [first = ''] = readdirSync(copy).sort()
  const [seq, index = ''] = first.replace('.wal', '').split('-')
  const before = Number.parseInt(index, 16) - 1
  const renamed = `${seq}-${before.toString(16).padStart(16, '0')}.wal`
  renameSync(path.join(copy, first), path.join(copy, renamed))
  return { dataDir, args: ['-start-index', String(before)] }
}

/**
 * Copies of a member whose WAL, of one segment, jumps over indexes behind a snapshot of the leader's:
 * from 0 the tool fails with "slice bounds out of range", and with the snapshot's index as
 * `-start-index` it misses the snapshot's term. The first copy ends before the jump, the second has
 * the `.snap` and is read from there.
 *
 * @param offset of the entry behind the jump
 */
export function copiesAroundJump(original: string, offset: number): DumpCopy[] {
  const before = copyOfWal(path.join(original, 'member/wal'))
  const copy = path.join(before.dataDir, 'member/wal')
  const [segment = ''] = readdirSync(copy)
  truncateSync(path.join(copy, segment), offset)
  return [before, copyOfDataDir(original)]
}

export function removeCopy({ dataDir }: DumpCopy): void {
  rmSync(dataDir, { recursive: true, force: true })
}

/** What a version of the tool reads in a copy: every entry in effect, with its payload. */
export async function dump(version: string, { dataDir, args }: DumpCopy): Promise<Dump> {
  const output = await runTool(version, [...args, '-stream-decoder', echo, dataDir])
  const [, memberId = '', clusterId = '', term, commit, vote = ''] =
    /^nodeID=(\w+) clusterID=(\w+) term=(\d+) commitIndex=(\d+) vote=(\w+)$/m.exec(output) ?? []
  const lines = output.matchAll(/^ *(\d+)\t *(\d+)\t(norm|conf)\t(.*)\tOK\t([0-9a-f]*)$/gm)
  const entries = Array.from(lines, ([, term, index, kind, text = '', hex = '']) => ({
    term: Number(term),
    index: Number(index),
    kind: kind as DumpedEntry['kind'],
    text,
    hex,
  }))
  const counted = Number(
    /^Entry types \(Normal,ConfigChange\) count is : (\d+)$/m.exec(output)?.[1],
  )
  if (counted !== entries.length) {
    throw new Error(`etcd-dump-logs ${version} counts ${counted} of ${entries.length} entries`)
  }
  return {
    memberId,
    clusterId,
    hardState: { term: Number(term), commit: Number(commit), vote },
    entries,
  }
}

/** The indexes of the entries that the tool lists with these flags. */
export async function dumpIndexes(
  version: string,
  { dataDir, args }: DumpCopy,
  more: string[] = [],
): Promise<number[]> {
  const output = await runTool(version, [...args, ...more, dataDir])
  return Array.from(output.matchAll(/^ *\d+\t *(\d+)\t(?:norm|conf)\t/gm), ([, index]) =>
    Number(index),
  )
}

async function runTool(version: string, args: string[]): Promise<string> {
  const tool = (await ensureEtcd(version)).bin['etcd-dump-logs'] ?? ''
  return await run(tool, args)
}
