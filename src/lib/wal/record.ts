/** The types of walpb.Record: server/storage/wal/wal.go @ v3.6.14, the same since 3.0. */
export const RECORD = { metadata: 1, entry: 2, state: 3, crc: 4, snapshot: 5 } as const

export type RecordName = keyof typeof RECORD

const NAMES: readonly (RecordName | undefined)[] = [
  undefined,
  'metadata',
  'entry',
  'state',
  'crc',
  'snapshot',
]

/** The name of a record type; undefined for one that no etcd writes. */
export function recordName(type: number): RecordName | undefined {
  return NAMES[type]
}
