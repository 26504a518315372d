import type { Uint64 } from '../proto/uint64.ts'

/** The hash that `etcdctl endpoint hashkv` shows, computed from a file. */
export interface HashKv {
  /** '3.5.16' is that of today's servers; '3.4' that of servers before 3.4.34 and 3.5.16. */
  readonly rule: '3.5.16' | '3.4'
  readonly hash: number
  readonly revision: Uint64
  /** -1 when nothing was ever compacted, as servers have it. */
  readonly compactRevision: Uint64
}
