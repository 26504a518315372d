import type { Row } from '../bolt/row.ts'
import { type Uint64, uint64FromHalves } from '../proto/uint64.ts'
import type { BucketRows } from './bucket-rows.ts'
import { REVISION_BYTES } from './revision.ts'

/** A value of 8 bytes, big endian; of a longer one the first, as servers read it. */
export function uint64Row(rows: BucketRows, row: Row): Uint64 | undefined {
  return fixed(rows, row, 8)
}

/** The main revision of a value that is a revision. */
export function revisionRow(rows: BucketRows, row: Row): Uint64 | undefined {
  return fixed(rows, row, REVISION_BYTES)
}

export function uint64Be(bytes: Uint8Array): Uint64 {
  const view = new DataView(bytes.buffer, bytes.byteOffset, 8)
  return uint64FromHalves(view.getUint32(0), view.getUint32(4))
}

/** Go's binary.BigEndian panics on a value that is too short, and passes over what is too much. */
function fixed(rows: BucketRows, row: Row, length: number): Uint64 | undefined {
  const found = row.value.length
  if (found !== length) {
    const reason = `its value has ${found} bytes instead of ${length}`
    rows.undecodable(row, reason, found < length ? 'error' : 'warning')
  }
  return found < length ? undefined : uint64Be(row.value)
}
