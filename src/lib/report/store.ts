import { hex8 } from '../io/hex8.ts'
import { hex16 } from '../proto/uint64.ts'
import type { HashKv } from '../store/hash-kv.ts'
import type { Store, StoreFile } from '../store/store-file.ts'
import { writtenBy } from '../store/written-by.ts'
import { keyJson } from './bytes.ts'
import { confStateReport, ids, memberReport } from './raft.ts'

/** A db, backup or `.snap.db` as docs/contract.md lays it down. */
export function storeFileReport(type: 'db' | 'backup' | 'snap-db', file: StoreFile): object {
  const { path, bytes, pageSize, pages, meta, sha256, store } = file
  return {
    path,
    type,
    bytes,
    pageSize,
    pages,
    freePages: store?.freePages,
    meta,
    sha256,
    ...(store ? storeReport(store) : {}),
  }
}

function storeReport(store: Store): object {
  const { complete, statusHash, hashKv, revision, keys, rowsAllBuckets, buckets } = store
  const { consistentIndex, term, storageVersion, clusterVersion, downgrade, confState } = store
  const { members, removedMembers, leases, alarms, auth, unknownKeys } = store
  return {
    writtenBy: writtenBy(store)?.atLeast,
    complete,
    statusHash: statusHash === undefined ? undefined : hex8(statusHash),
    hashKv: hashKv?.map(hashKvReport),
    revision,
    ...compactionReport(store),
    keys,
    rowsAllBuckets,
    buckets,
    consistentIndex,
    term,
    storageVersion,
    clusterVersion,
    downgrade,
    confState: confState && confStateReport(confState),
    members: members.map(memberReport),
    removedMembers: ids(removedMembers),
    leases,
    alarms: alarms.map(({ memberId, alarm }) => ({ memberId: hex16(memberId), alarm })),
    auth,
    unknownKeys:
      unknownKeys.length > 0
        ? unknownKeys.map(({ bucket, key }) => ({ bucket, key: keyJson(key) }))
        : undefined,
  }
}

/** Both marks only where they differ: a compaction had begun and was not over. */
function compactionReport({
  compactRevision,
  scheduledCompactRevision,
  finishedCompactRevision,
}: Store): object {
  if (scheduledCompactRevision === finishedCompactRevision) return { compactRevision }
  return { compactRevision, scheduledCompactRevision, finishedCompactRevision }
}

function hashKvReport({ rule, hash, revision, compactRevision }: HashKv): object {
  return { rule, hash: hex8(hash), revision, compactRevision }
}
