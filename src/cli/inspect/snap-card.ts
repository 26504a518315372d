import { hex8 } from '../../lib/io/hex8.ts'
import type { SnapFile } from '../../lib/snap/snap-file.ts'
import { showMembers } from './members.ts'
import type { Sheet } from './sheet.ts'
import { exactSize, humanSize } from './size.ts'
import { count, shown } from './text.ts'

/** The card of one `.snap` file. */
export function showSnap(sheet: Sheet, snap: SnapFile): void {
  const { bytes, term, index, confState, data, store } = snap
  sheet.field('size', [exactSize(bytes)])
  if (index !== undefined) sheet.field('raft', [`term ${term}`, `index ${index}`])
  sheet.field('checksum', checksumOf(sheet, snap))
  if (snap.fileName) sheet.field('file name', nameOf(sheet, snap.fileName))
  if (store?.clusterVersion) sheet.field('cluster', [`version ${shown(store.clusterVersion)}`])
  if (data) sheet.field('v2 store', storeOf(snap))
  const { members = [], removedMembers = [] } = store ?? {}
  showMembers(sheet, { confState, members, removed: removedMembers })
}

function checksumOf({ theme }: Sheet, { crc }: SnapFile): string[] {
  if (crc === undefined) return [theme.bad('not found: the file does not decode')]
  const [stored, computed] = [hex8(crc.stored), hex8(crc.computed)]
  return crc.ok
    ? [`${stored} ${theme.ok('ok')}`]
    : [theme.bad('wrong'), `stored ${stored}`, `computed ${computed}`]
}

function nameOf({ theme }: Sheet, fileName: NonNullable<SnapFile['fileName']>): string[] {
  if (fileName.ok) return ['agrees']
  return [theme.warn(`claims term ${fileName.term}, index ${fileName.index}`)]
}

function storeOf({ data, store }: SnapFile): string[] {
  if (data?.format === 'empty') return ['empty']
  const keys = store ? [count(store.userKeys.length, 'user key')] : ['not decoded']
  return [humanSize(data?.bytes ?? 0), ...keys]
}
