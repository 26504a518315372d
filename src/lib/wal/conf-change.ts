import { decode, type UnknownField } from '../proto/decode.ts'
import { raftpb } from '../proto/generated/etcd.js'
import { type Uint64, uint64FromLong } from '../proto/uint64.ts'
import { type ConfChangeContext, parseContext } from './conf-change-context.ts'
import { type UndecodablePayload, undecodable } from './payload-undecodable.ts'

/** One step of a membership change; absent fields count as 0. */
export interface ConfChangeStep {
  /** raftpb.ConfChangeType: 0 add voter (or promote), 1 remove, 2 update, 3 add learner. */
  readonly type: number
  readonly nodeId: Uint64
}

/** The data of an EntryConfChange, the only membership change etcd makes. */
export interface ConfChangePayload extends ConfChangeStep {
  readonly kind: 'confChange'
  /** Absent or 0 in the entries that bootstrap and restore write. */
  readonly requestId?: Uint64
  /** Absent, or empty, when a member is removed. */
  readonly context?: ConfChangeContext
  readonly unknownFields: readonly UnknownField[]
}

/** The data of an EntryConfChangeV2. etcd panics when it applies one. */
export interface ConfChangeV2Payload {
  readonly kind: 'confChangeV2'
  /** raftpb.ConfChangeTransition: 0 auto, 1 joint implicit, 2 joint explicit. */
  readonly transition: number
  readonly changes: readonly ConfChangeStep[]
  readonly context?: ConfChangeContext
  readonly unknownFields: readonly UnknownField[]
}

export function decodeConfChange(data: Uint8Array): ConfChangePayload | UndecodablePayload {
  const change = decode(raftpb.ConfChange, data)
  if (!change.ok) return undecodable(data, change)
  const { message, unknownFields } = change
  const requestId = uint64FromLong(message.id ?? 0)
  return {
    kind: 'confChange',
    ...stepOf(message),
    ...(requestId !== 0 && { requestId }),
    ...contextOf(message),
    unknownFields,
  }
}

export function decodeConfChangeV2(data: Uint8Array): ConfChangeV2Payload | UndecodablePayload {
  const change = decode(raftpb.ConfChangeV2, data)
  if (!change.ok) return undecodable(data, change)
  const { message, unknownFields } = change
  return {
    kind: 'confChangeV2',
    transition: message.transition ?? 0,
    changes: (message.changes ?? []).map(stepOf),
    ...contextOf(message),
    unknownFields,
  }
}

function stepOf({ type, node_id }: raftpb.ConfChangeSingle.$Properties): ConfChangeStep {
  return { type: type ?? 0, nodeId: uint64FromLong(node_id ?? 0) }
}

function contextOf({ context }: { context?: Uint8Array | null }): { context?: ConfChangeContext } {
  return context?.length ? { context: parseContext(context) } : {}
}
