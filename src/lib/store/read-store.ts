import { BoltDb } from '../bolt/bolt-db.ts'
import { checkFreelist } from '../bolt/freelist.ts'
import { hasMoved } from '../bolt/has-moved.ts'
import { hashOf } from '../bolt/leaf.ts'
import type { PageMarks } from '../bolt/page-marks.ts'
import { crc32c } from '../checksum/crc32c.ts'
import type { Findings } from '../findings/findings.ts'
import type { Source } from '../io/source.ts'
import { isCold, warmUp } from '../io/warm-up.ts'
import { larger, type Uint64 } from '../proto/uint64.ts'
import { checkBuckets } from './buckets.ts'
import { hashKvAt } from './hash-kv-at.ts'
import { KeyspaceScan } from './keyspace-scan.ts'
import { reportOtherMeta } from './other-meta.ts'
import { KEY_BUCKET, nameKey } from './revision.ts'
import { Sha256Check } from './sha256-check.ts'
import { readSmallBuckets, type SmallBuckets } from './small-buckets.ts'
import type { BucketSize, Store, StoreFile } from './store-file.ts'

/** What to do beyond reading every page. */
export interface ReadOptions {
  /** Whether a SHA-256 is looked for behind the pages: not in a member's own db. */
  readonly trailer?: boolean
  /** A revision at which HashKV is wanted too. */
  readonly hashKvAt?: Uint64 | undefined
}

/**
 * Reads a db, backup or `.snap.db` whole: every page, every row, every hash. What is wrong is
 * reported, and what can be read behind it is read.
 *
 * A file that a running etcd writes to is read twice when it has to be; bbolt never writes to the
 * pages of the newest transaction, so that what is read is one state as long as no other has come.
 *
 * @throws NodeJS.ErrnoException when the file cannot be read
 */
export function readStoreFile(
  source: Source,
  findings: Findings,
  options: ReadOptions = {},
): StoreFile {
  const first = attempt(source, findings.attempt(), options)
  if (!hasMoved(first.db)) return settle(first, findings)
  const changed = first.scan?.changedPages() ?? 0
  const pages =
    changed === 0
      ? 'a newer transaction came in'
      : `${changed} ${changed === 1 ? 'page' : 'pages'} of keys changed`
  const second = attempt(source, findings.attempt(), options)
  if (hasMoved(second.db)) {
    const message = `the file is being written: ${pages} while it was read, and again the second time`
    findings.report('DB_NEVER_STILL', { path: source.name }, { message })
    return withoutHashes(second.file)
  }
  const message = `the file is being written: ${pages} while it was read; the second time it held still`
  findings.report('DB_BEING_WRITTEN', { path: source.name }, { message })
  return settle(second, findings)
}

/** One reading, and what it has found. */
interface Attempt {
  readonly file: StoreFile
  readonly db: BoltDb
  readonly scan: KeyspaceScan | undefined
  readonly findings: Findings
}

function settle({ file, findings: found }: Attempt, findings: Findings): StoreFile {
  findings.adopt(found)
  return file
}

function withoutHashes({ store, ...file }: StoreFile): StoreFile {
  if (store === undefined) return file
  const { statusHash: _status, hashKv: _hashKv, ...rest } = store
  return { ...file, store: { ...rest, complete: false } }
}

function attempt(source: Source, findings: Findings, options: ReadOptions): Attempt {
  const db = new BoltDb(source, findings, { nameKey })
  const pagesEnd = db.meta && db.highWaterMark * db.reader.pageSize
  const cold = isCold(source)
  const sha256 = options.trailer !== false ? new Sha256Check(source, pagesEnd) : undefined
  if (cold && !sha256?.readWhole()) warmUp(source)
  const read = db.meta ? readStore(db, findings, options.hashKvAt) : undefined
  const checked = sha256?.result(findings)
  const file = {
    ...db.file,
    ...(read ? { store: read.store } : {}),
    ...(checked ? { sha256: checked } : {}),
  }
  return { file, db, scan: read?.scan, findings }
}

function readStore(
  db: BoltDb,
  findings: Findings,
  hashAt: Uint64 | undefined,
): { store: Store; scan?: KeyspaceScan } {
  const small = readSmallBuckets((bucket) => db.rows(bucket), db.source.name, findings)
  const compactRevision = compactRevisionOf(small)
  const marks = db.newMarks()
  const { scan, ...sizes } = readBuckets(db, marks, compactRevision, findings)
  const free = checkFreelist(db, marks)
  const complete = db.findings.total === 0
  if (!complete) reportOtherMeta(db, findings)
  else {
    const names = sizes.buckets.map(({ name }) => name)
    checkBuckets(names, db.source.name, findings)
  }
  const revision = larger(larger(1, scan?.lastRevision ?? 0), compactRevision ?? 0)
  const more =
    hashAt !== undefined && complete && isStored(hashAt, revision, compactRevision, db, findings)
      ? hashKvAt(db.source, compactRevision, hashAt)
      : []
  const store: Store = {
    ...small,
    ...(compactRevision === undefined ? {} : { compactRevision }),
    freePages: free.count,
    buckets: sizes.buckets,
    rowsAllBuckets: sizes.buckets.reduce((sum, { keys }) => sum + keys, 0),
    complete,
    ...(complete ? { statusHash: sizes.statusHash } : {}),
    ...(complete && scan ? { hashKv: [...scan.hashKv(revision), ...more] } : {}),
    revision,
    keys: {
      live: scan?.live ?? 0,
      records: scan?.records ?? 0,
      tombstones: scan?.tombstones ?? 0,
    },
  }
  return scan ? { store, scan } : { store }
}

/** Whether a revision can still be seen; as servers refuse it otherwise. */
function isStored(
  wanted: Uint64,
  revision: Uint64,
  compactRevision: Uint64 | undefined,
  { source }: BoltDb,
  findings: Findings,
): boolean {
  const isCompacted = compactRevision !== undefined && wanted < compactRevision
  if (!isCompacted && wanted <= revision) return true
  findings.report(
    'STORE_REVISION_UNAVAILABLE',
    { path: source.name, revision: wanted },
    {
      message: isCompacted
        ? 'required revision has been compacted'
        : 'required revision is a future revision',
      expected: `${compactRevision ?? 1} to ${revision}`,
      found: String(wanted),
    },
  )
  return false
}

/** Servers compact at their start what was scheduled and not finished. */
function compactRevisionOf(small: SmallBuckets): Uint64 | undefined {
  const { scheduledCompactRevision: scheduled, finishedCompactRevision: finished } = small
  if (scheduled === undefined || finished === undefined) return scheduled ?? finished
  return larger(scheduled, finished)
}

/** Every row of every bucket: how many, and their hash as `snapshot status` has it. */
function readBuckets(
  db: BoltDb,
  marks: PageMarks,
  compacted: Uint64 | undefined,
  findings: Findings,
): { buckets: BucketSize[]; statusHash: number; scan?: KeyspaceScan } {
  const buckets: BucketSize[] = []
  let statusHash = 0
  let scan: KeyspaceScan | undefined
  for (const bucket of db.buckets) {
    const { name, nameBytes } = bucket
    statusHash = crc32c(nameBytes, statusHash)
    if (name === KEY_BUCKET && scan === undefined) {
      scan = new KeyspaceScan(db, bucket, findings, { compacted })
      scan.run(marks)
      statusHash = scan.hashBehind(statusHash)
      buckets.push({ name, keys: scan.rows, bytes: scan.bytes })
      continue
    }
    let keys = 0
    let bytes = 0
    for (const leaf of db.leaves(bucket, marks)) {
      const hash = hashOf(db.kernel, leaf, statusHash)
      statusHash = hash.crc
      bytes += hash.bytes
      for (let run = 0; run < leaf.runs.length; run += 2) {
        keys += (leaf.runs[run + 1] as number) - (leaf.runs[run] as number)
      }
    }
    buckets.push({ name, keys, bytes })
  }
  return scan ? { buckets, statusHash, scan } : { buckets, statusHash }
}
