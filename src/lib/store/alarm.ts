import { decode } from '../proto/decode.ts'
import { etcdserverpb } from '../proto/generated/etcd.js'
import { hex16, type Uint64, uint64FromLong } from '../proto/uint64.ts'
import type { BucketRows } from './bucket-rows.ts'

/** An alarm that was raised and not disarmed. A restore keeps it, under the old member's id. */
export interface Alarm {
  readonly memberId: Uint64
  /** A number when it is one of a later etcd. */
  readonly alarm: 'NOSPACE' | 'CORRUPT' | number
}

const TYPES: { readonly [number: number]: 'NOSPACE' | 'CORRUPT' } = { 1: 'NOSPACE', 2: 'CORRUPT' }

/** A key above this is none of etcd's. */
const LARGEST_ALARM = 1024

/**
 * Reads the bucket `alarm`, whose keys are the alarms and whose values are empty. Every alarm is a
 * finding too: STORE_ALARM_NOSPACE, STORE_ALARM_CORRUPT.
 * Source: server/storage/schema/alarm.go @ v3.6.14.
 */
export function readAlarms(rows: BucketRows): Alarm[] {
  const alarms: Alarm[] = []
  for (const row of rows) {
    const decoded =
      row.key.length > LARGEST_ALARM ? undefined : decode(etcdserverpb.AlarmMember, row.key)
    if (!decoded?.ok) {
      rows.undecodable(row, `its key is no AlarmMember: ${decoded?.reason ?? 'too long'}`)
      continue
    }
    const { memberID, alarm: number } = decoded.message
    const alarm = TYPES[number ?? 0] ?? number ?? 0
    // NONE is what a client asks with, and never raised.
    if (alarm === 0) {
      rows.unknown(row)
      continue
    }
    const memberId = uint64FromLong(memberID ?? 0)
    const name = typeof alarm === 'number' ? `alarm ${alarm}` : alarm
    rows.notice(noticeOf(alarm), row, `member ${hex16(memberId)} has raised ${name}`)
    if (rows.hasRoom(row)) alarms.push({ memberId, alarm })
  }
  return alarms
}

function noticeOf(
  alarm: Alarm['alarm'],
): 'STORE_ALARM_NOSPACE' | 'STORE_ALARM_CORRUPT' | 'STORE_ALARM_UNKNOWN' {
  return typeof alarm === 'number' ? 'STORE_ALARM_UNKNOWN' : `STORE_ALARM_${alarm}`
}
