import type { BoltDb } from './bolt-db.ts'
import { readMetaPages } from './bolt-file.ts'

/** Whether another transaction than those that were there at opening is in the file by now. */
export function hasMoved({ source, file }: BoltDb): boolean {
  if (!source.changed?.()) return false
  const now = readMetaPages(source).metas
  return file.meta.some(({ page, txid, ok }) => {
    const meta = now[page]
    return (
      ok !== (meta !== undefined && meta.fault === undefined) || (ok && txid !== meta?.meta.txid)
    )
  })
}
