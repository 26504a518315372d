import type { Space, SpaceBy } from '../store/space.ts'
import type { SpaceGroup } from '../store/space-top.ts'
import type { Usage } from '../store/space-usage.ts'
import { keyJson } from './bytes.ts'

/** The head of `inspect space`: all of the db. */
export function spaceHead(path: string, by: SpaceBy, space: Space): object {
  const { bounds, pages, pageSize, usage, reclaim } = space
  return {
    path,
    by,
    revision: bounds.revision,
    compactRevision: bounds.compactRevision,
    bytes: space.fileBytes,
    pageSize,
    pages: pages.total,
    freePages: pages.free,
    buckets: pages.buckets,
    ...usageReport(usage),
    tombstones: space.tombstones,
    reclaim: {
      compaction: reclaim.compaction,
      defragmentation: afterwards(space, reclaim.defragmented),
      both: afterwards(space, reclaim.compactedAndDefragmented),
    },
  }
}

/** The `group` line of docs/contract.md. */
export function groupReport(by: SpaceBy, { name, usage }: SpaceGroup): object {
  const group = name instanceof Uint8Array ? keyJson(name) : name
  return { type: 'group', by, group, ...usageReport(usage) }
}

/** What the groups that are not listed come to. */
export function restReport({ rest }: Space): object | undefined {
  return rest.groups === 0 ? undefined : { groups: rest.groups, ...usageReport(rest.usage) }
}

/** What a defragmentation gives back, and what it leaves: both up to the high-water mark. */
export function afterwards(
  { pages, pageSize }: Space,
  size: number,
): { readonly bytes: number; readonly size: number } {
  return { bytes: Math.max(0, pages.total * pageSize - size), size }
}

function usageReport({ live, history, changes }: Usage): object {
  return { live, history, changes }
}
