import { type Uint64, uint64FromHalves } from '../proto/uint64.ts'
import { FIELD } from './kernel.ts'

/** The types of raftpb.Entry: raftpb/raft.proto @ raft v3.6.0. */
export const ENTRY = { normal: 0, confChange: 1, confChangeV2: 2 } as const

/** The head of one raftpb.Entry. What is absent is 0. */
export class EntryFields {
  type: Uint64 = 0
  term: Uint64 = 0
  index: Uint64 = 0
  /** The payload's range in the kernel's bytes; empty when the field is absent. */
  dataStart = 0
  dataEnd = 0

  /** Takes over what the kernel's `entry` left. */
  take(fields: Int32Array): void {
    this.type = word64(fields, FIELD.entryType)
    this.term = word64(fields, FIELD.term)
    this.index = word64(fields, FIELD.index)
    this.dataStart = fields[FIELD.payloadStart] as number
    this.dataEnd = fields[FIELD.payloadEnd] as number
  }
}

/** Two words that the kernel left, the low one at `at`. */
function word64(fields: Int32Array, at: number): Uint64 {
  const low = fields[at] as number
  const high = fields[at + 1] as number
  return high === 0 && low >= 0 ? low : uint64FromHalves(high, low)
}
