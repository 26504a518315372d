import type { BoltFile } from '../bolt/bolt-file.ts'
import type { ConfState } from '../proto/conf-state.ts'
import type { Member } from '../proto/member.ts'
import type { Uint64 } from '../proto/uint64.ts'
import type { Alarm } from './alarm.ts'
import type { AuthSummary } from './auth.ts'
import type { Downgrade } from './cluster.ts'
import type { HashKv } from './hash-kv.ts'
import type { Sha256Trailer } from './sha256-trailer.ts'

/** A db, backup or `.snap.db`, read whole: bbolt's file and etcd's own content in it. */
export interface StoreFile extends BoltFile {
  /** Absent, like all below, when no meta page is valid. */
  readonly store?: Store
  /** Of a backup, or of what should be one. */
  readonly sha256?: Sha256Trailer
}

/** What etcd keeps in a db. What is not in the file is absent. */
export interface Store {
  /** Pages below the high-water mark that hold nothing. */
  readonly freePages: number
  /** In bbolt's order, those that etcd does not know too. */
  readonly buckets: readonly BucketSize[]
  /** `snapshot status` up to 3.5 calls this the total of keys. */
  readonly rowsAllBuckets: number
  /** Whether every page could be read; else hashes are absent, and numbers are of what could be. */
  readonly complete: boolean
  /** CRC-32C as `etcdutl snapshot status` computes it. */
  readonly statusHash?: number
  /** One, or two where servers of 3.4 get another result than those of today. */
  readonly hashKv?: readonly HashKv[]
  /** The current one, as a server would have it after loading this file. */
  readonly revision: Uint64
  /** The larger one of scheduled and finished; absent when nothing was ever compacted. */
  readonly compactRevision?: Uint64
  readonly scheduledCompactRevision?: Uint64
  readonly finishedCompactRevision?: Uint64
  readonly keys: { readonly live: number; readonly records: number; readonly tombstones: number }
  readonly consistentIndex?: Uint64
  /** Of the entry at the consistent index; since 3.5. */
  readonly term?: Uint64
  readonly storageVersion?: string
  /** Since 3.5; a restore leaves that of the cluster before. */
  readonly confState?: ConfState
  readonly clusterVersion?: string
  readonly downgrade?: Downgrade
  readonly members: readonly Member[]
  readonly removedMembers: readonly Uint64[]
  readonly leases: number
  readonly alarms: readonly Alarm[]
  readonly auth: AuthSummary
  /** Keys in etcd's own small buckets that no version of etcd writes: bucket and key. */
  readonly unknownKeys: readonly { readonly bucket: string; readonly key: Uint8Array }[]
}

/** What one bucket comes to. */
export interface BucketSize {
  readonly name: string
  /** Rows. */
  readonly keys: number
  /** Of keys and values, without bbolt's overhead. */
  readonly bytes: number
}
