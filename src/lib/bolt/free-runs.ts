import type { Uint64 } from '../proto/uint64.ts'
import { uint64FromHalves } from '../proto/uint64.ts'
import type { BoltDb, LoadedPage } from './bolt-db.ts'
import { COUNT_FOLLOWS } from './freelist.ts'
import { PAGE_HEADER_BYTES } from './page.ts'

/** First and last page of a run. */
export type Run = readonly [Uint64, Uint64]

/** The ids on a freelist page in the order in which they stand there, neighbours put together. */
export function* freeRuns({ kernel }: BoltDb, { at, bytes, header }: LoadedPage): Iterable<Run> {
  const { view } = kernel
  const idAt = (place: number): Uint64 =>
    uint64FromHalves(view.getUint32(place + 4, true), view.getUint32(place, true))
  const start = at + PAGE_HEADER_BYTES
  const follows = header.count === COUNT_FOLLOWS
  const first = follows ? start + 8 : start
  const count = follows ? Number(idAt(start)) : header.count
  const room = Math.floor((at + bytes - first) / 8)
  let run: [Uint64, Uint64] | undefined
  for (let index = 0; index < Math.min(count, room); index++) {
    const id = idAt(first + index * 8)
    if (run && BigInt(id) === BigInt(run[1]) + 1n) {
      run[1] = id
      continue
    }
    if (run) yield run
    run = [id, id]
  }
  if (run) yield run
}
