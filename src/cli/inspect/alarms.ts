import { hex16 } from '../../lib/proto/uint64.ts'
import type { Alarm } from '../../lib/store/alarm.ts'
import type { Sheet } from './sheet.ts'

/** Alarms that are named one by one; each member has at most one of a kind. */
const MOST_NAMED = 8

/** What must not be overlooked; nothing when no alarm is set. */
export function showAlarms(sheet: Sheet, alarms: readonly Alarm[]): void {
  if (alarms.length === 0) return
  const { bad } = sheet.theme
  const named = alarms
    .slice(0, MOST_NAMED)
    .map(({ alarm, memberId }) => bad(`${nameOf(alarm)} by member ${hex16(memberId)}`))
  const left = alarms.length - named.length
  sheet.field('ALARMS', left > 0 ? [...named, bad(`${left} more`)] : named)
}

function nameOf(alarm: Alarm['alarm']): string {
  return typeof alarm === 'number' ? `alarm ${alarm}` : alarm
}
