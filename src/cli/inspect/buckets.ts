import { isEtcdBucket } from '../../lib/store/buckets.ts'
import type { Store } from '../../lib/store/store-file.ts'
import { excerpt } from './excerpt.ts'
import type { Sheet } from './sheet.ts'
import { humanSize } from './size.ts'
import { count, shown } from './text.ts'

/** A table of buckets, with what is in each. */
export function showBuckets(sheet: Sheet, { buckets, rowsAllBuckets }: Store): void {
  if (buckets.length === 0) {
    sheet.section('buckets', [sheet.theme.bad('none that can be read')])
    return
  }
  sheet.section('buckets', [String(buckets.length), count(rowsAllBuckets, 'row')])
  const lines = excerpt(buckets, ({ name }) => isEtcdBucket(name))
  sheet.table({
    columns: [
      { title: 'BUCKET' },
      { title: 'ROWS', right: true },
      { title: 'KEYS, VALUES', right: true },
      { title: '' },
    ],
    rows: lines.map((line) => {
      if ('skipped' in line) return [`… ${line.skipped} more, see --json`]
      const { name, keys, bytes } = line.item
      const note = isEtcdBucket(name) ? '' : sheet.theme.warn('unknown to etcd')
      return [shown(name), String(keys), humanSize(bytes), note]
    }),
  })
}
