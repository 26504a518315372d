/** Rows of a bucket as a test writes them down. */
import type { Row } from '../../../src/lib/bolt/row.ts'
import type { FindingId } from '../../../src/lib/findings/catalogue.ts'
import { Findings } from '../../../src/lib/findings/findings.ts'
import { BucketRows, UnknownKeys } from '../../../src/lib/store/bucket-rows.ts'
import type { BucketName } from '../../../src/lib/store/buckets.ts'

export type Content = readonly (readonly [
  key: string | Uint8Array,
  value?: string | Uint8Array | undefined,
])[]

/** Bytes in hex; blanks are for the reader. */
export function hex(digits: string): Buffer {
  return Buffer.from(digits.replaceAll(' ', ''), 'hex')
}

/** One row after another in the same buffer, as a reader of pages hands them out. */
export function* rowsOf(content: Content): Generator<Row> {
  const shared = Buffer.alloc(256 * 1024)
  let offset = 4096
  for (const [key, value = ''] of content) {
    const [keyBytes, valueBytes] = [Buffer.from(key), Buffer.from(value)]
    shared.fill(0xff)
    keyBytes.copy(shared)
    valueBytes.copy(shared, keyBytes.length)
    const end = keyBytes.length + valueBytes.length
    yield {
      key: shared.subarray(0, keyBytes.length),
      value: shared.subarray(keyBytes.length, end),
      page: 7,
      offset,
    }
    offset += end
  }
}

/** What a decoder makes of rows, and what it reports. */
export function read<T>(name: BucketName, decode: (rows: BucketRows) => T, content: Content) {
  const findings = new Findings()
  const unknownKeys = new UnknownKeys()
  const result = decode(new BucketRows(name, rowsOf(content), 'db', findings, unknownKeys))
  return {
    result,
    findings,
    ids: findings.list.map(({ id }): FindingId => id),
    messages: findings.list.map(({ message }) => message),
    severities: findings.list.map(({ severity }) => severity),
    unknown: unknownKeys.kept.map(({ bucket, key }) => `${bucket}/${Buffer.from(key)}`),
  }
}
