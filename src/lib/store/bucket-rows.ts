import type { Row } from '../bolt/row.ts'
import type { Severity } from '../findings/finding.ts'
import type { Findings } from '../findings/findings.ts'
import type { BucketName } from './buckets.ts'

/** A key in one of etcd's buckets that no version of etcd writes. */
export interface UnknownKey {
  readonly bucket: string
  readonly key: Uint8Array
}

/** Collects unknown keys, of which it keeps the first hundred. */
export class UnknownKeys {
  readonly kept: UnknownKey[] = []
  total = 0

  add(bucket: string, key: Uint8Array): void {
    this.total += 1
    if (this.kept.length >= MOST_UNKNOWN) return
    // The slice of a Buffer would be a view.
    this.kept.push({ bucket, key: new Uint8Array(key.subarray(0, LONGEST_KEY)) })
  }
}

const MOST_UNKNOWN = 100

/** bbolt's own limit. */
const LONGEST_KEY = 32 * 1024

/** Beyond these a bucket's rows are checked, and counted, but not kept. */
const MOST_KEPT = 10_000
const MOST_KEPT_BYTES = 2 * 1024 * 1024

/** Of a key in a message. */
const LONGEST_SHOWN = 64

/** The rows of one of etcd's buckets, and what its decoder has to say of them. */
export class BucketRows {
  readonly #name: BucketName
  readonly #rows: Iterable<Row>
  readonly #path: string
  readonly #findings: Findings
  readonly #unknownKeys: UnknownKeys
  #kept = 0
  #keptBytes = 0
  #left = 0

  constructor(
    name: BucketName,
    rows: Iterable<Row>,
    path: string,
    findings: Findings,
    unknownKeys: UnknownKeys,
  ) {
    this.#name = name
    this.#rows = rows
    this.#path = path
    this.#findings = findings
    this.#unknownKeys = unknownKeys
  }

  /** In key order; each is good until the next. What was left out is reported at the end. */
  *[Symbol.iterator](): Generator<Row> {
    yield* this.#rows
    if (this.#left === 0) return
    const message = `${this.#name}: ${this.#left} rows more than are listed`
    this.#findings.report('STORE_NOT_LISTED', { path: this.#path }, { message })
  }

  /** Whether there is room to keep what a row says: a file may hold any number of them. */
  hasRoom({ key, value }: Row): boolean {
    this.#kept += 1
    this.#keptBytes += key.length + value.length
    const room = this.#kept <= MOST_KEPT && this.#keptBytes <= MOST_KEPT_BYTES
    if (!room) this.#left += 1
    return room
  }

  /** A row that is not what etcd writes there; an error when etcd dies of it. */
  undecodable(row: Row, reason: string, severity: Severity = 'error'): void {
    const message = `${this.#name}: the row ${shownKey(row.key)} does not decode: ${reason}`
    this.#report('STORE_ROW_UNDECODABLE', row, { message, severity })
  }

  /** A row whose value names another than its key. */
  mismatch(row: Row, expected: string, found: string): void {
    const message = `${this.#name}: the row ${shownKey(row.key)} says that it is ${found}`
    this.#report('STORE_ROW_MISMATCH', row, { message, expected, found })
  }

  /** Something a row says that whoever takes this db should know. */
  notice(id: NoticeId, row: Row, message: string): void {
    this.#report(id, row, { message })
  }

  /** A key that no version of etcd writes in this bucket. */
  unknown({ key }: Row): void {
    this.#unknownKeys.add(this.#name, key)
  }

  #report(
    id: 'STORE_ROW_UNDECODABLE' | 'STORE_ROW_MISMATCH' | NoticeId,
    { key, value, page, offset }: Row,
    details: Parameters<Findings['report']>[2],
  ): void {
    const place = { path: this.#path, page, offset, bytes: key.length + value.length }
    this.#findings.report(id, place, details)
  }
}

type NoticeId =
  | 'STORE_ALARM_NOSPACE'
  | 'STORE_ALARM_CORRUPT'
  | 'STORE_ALARM_UNKNOWN'
  | 'STORE_DOWNGRADE'
  | 'STORE_AUTH_ENABLED'
  | 'STORE_MEMBER_REMOVED'

/** A key in a message: text where it is plain, else hex digits. */
export function shownKey(key: Uint8Array): string {
  const head = Buffer.from(key.buffer, key.byteOffset, Math.min(key.length, LONGEST_SHOWN))
  const text = head.toString('latin1')
  const shown = /^[\x21-\x7e]+$/.test(text) ? text : head.toString('hex')
  return key.length > LONGEST_SHOWN ? `${shown}…` : shown
}
