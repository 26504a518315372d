import { type Cursor, WIRE } from '../proto/cursor.ts'
import type { Uint64 } from '../proto/uint64.ts'

/** raftpb.HardState {term = 1, vote = 2, commit = 3}: what a member promised. Absent means 0. */
export interface HardState {
  readonly term: Uint64
  /** The member voted for in this term; 0 for none. */
  readonly vote: Uint64
  /** The highest index known to be committed when it was written. */
  readonly commit: Uint64
}

/** Reads the message that `cursor` stands on; undefined when it is not valid protobuf. */
export function readHardState(cursor: Cursor): HardState | undefined {
  let term: Uint64 = 0
  let vote: Uint64 = 0
  let commit: Uint64 = 0
  while (cursor.next()) {
    if (cursor.field > 3) cursor.skip()
    else if (cursor.wire !== WIRE.varint) return undefined
    else if (cursor.field === 1) term = cursor.uint64()
    else if (cursor.field === 2) vote = cursor.uint64()
    else commit = cursor.uint64()
  }
  return cursor.ok ? { term, vote, commit } : undefined
}
