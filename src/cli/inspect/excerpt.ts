/** What is left of a long list: its items, and how many were left out where. */
export type Excerpt<T> = { readonly item: T } | { readonly skipped: number }

const AT_START = 4
const AT_END = 8
const MOST_IMPORTANT = 16

/** The beginning and the end of a list, and in between the first of those that matter. */
export function excerpt<T>(items: readonly T[], matters: (item: T) => boolean): Excerpt<T>[] {
  const excerpt: Excerpt<T>[] = []
  let skipped = 0
  let important = 0
  for (const [position, item] of items.entries()) {
    const isEdge = position < AT_START || position >= items.length - AT_END
    if (!isEdge && !(matters(item) && important++ < MOST_IMPORTANT)) {
      skipped += 1
      continue
    }
    if (skipped > 0) excerpt.push({ skipped })
    skipped = 0
    excerpt.push({ item })
  }
  return excerpt
}
