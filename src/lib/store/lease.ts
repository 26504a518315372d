import { Cursor, WIRE } from '../proto/cursor.ts'
import { hex16, type Uint64, uint64FromHalves } from '../proto/uint64.ts'
import type { BucketRows } from './bucket-rows.ts'
import { uint64Be } from './fixed-row.ts'

const ID = 1
const TTL = 2
const REMAINING_TTL = 3

/**
 * Counts the leases. There may be as many as keys, so that they are decoded in place and not kept.
 * One that does not decode, or whose id is another than its key, is a finding.
 * Source: server/storage/schema/lease.go, server/lease/leasepb/lease.proto @ v3.6.14.
 */
export function countLeases(rows: BucketRows): number {
  const cursor = new Cursor()
  let leases = 0
  for (const row of rows) {
    const id = idOf(cursor, row.value)
    if (id === undefined) {
      rows.undecodable(row, 'it is no Lease')
      continue
    }
    leases += 1
    const key = row.key.length === 8 ? uint64Be(row.key) : undefined
    if (key !== id) rows.mismatch(row, key === undefined ? '8 bytes' : hex16(key), hex16(id))
  }
  return leases
}

/** The id in a Lease; undefined when it does not decode. */
function idOf(cursor: Cursor, value: Uint8Array): Uint64 | undefined {
  let id: Uint64 = 0
  cursor.reset(value, 0, value.length)
  while (cursor.next()) {
    const { field, wire } = cursor
    const isOwn = field === ID || field === TTL || field === REMAINING_TTL
    if (!isOwn) cursor.skip()
    else if (wire !== WIRE.varint) return undefined
    else {
      cursor.words()
      if (field === ID) id = uint64FromHalves(cursor.high, cursor.low)
    }
  }
  return cursor.ok ? id : undefined
}
