import type { Uint64 } from '../proto/uint64.ts'
import type { SnapFile } from '../snap/snap-file.ts'
import type { StoreFile } from '../store/store-file.ts'
import type { DataDir } from './data-dir.ts'
import type { Wal } from './wal.ts'

/** What a file can turn out to be. */
export type FileType = 'snap' | 'wal' | 'db' | 'backup' | 'snap-db'

/** What a path can turn out to be. */
export type ArtefactType = FileType | 'wal-dir' | 'data-dir' | 'unknown'

/** Anything etcd leaves on disk, read as far as it could be. */
export type Artefact =
  | { readonly type: 'snap'; readonly path: string; readonly snap: SnapFile }
  | { readonly type: 'wal' | 'wal-dir'; readonly path: string; readonly wal: Wal }
  | { readonly type: 'db' | 'backup' | 'snap-db'; readonly path: string; readonly db: StoreFile }
  | { readonly type: 'data-dir'; readonly path: string; readonly dataDir: DataDir }
  | UnreadArtefact

/** Something of which nothing was read; `type` is what the name or place says it is. */
export interface UnreadArtefact {
  readonly type: ArtefactType
  readonly path: string
  readonly bytes: number
  readonly unread: true
}

/** What to read beyond what is at a path. */
export interface ArtefactOptions {
  /** For a data dir whose WAL is elsewhere. */
  readonly walDir?: string | undefined
  /** Of every db, the HashKV at this revision too. */
  readonly hashKvAt?: Uint64 | undefined
}
