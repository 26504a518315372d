/** Writes bbolt files as tests need them: large, or with rows that no server would write. */
import { fnv1a64 } from '../../src/lib/checksum/fnv1a.ts'

const PAGE = 4096
const HEADER = 16
const ELEMENT = 16
const FLAG = { branch: 1, leaf: 2 }

export interface BoltRow {
  readonly key: Uint8Array
  readonly value: Uint8Array
}

/** A page below a branch page: its id and first key. */
interface Child {
  readonly key: Uint8Array
  readonly id: number
}

/** The bytes of a file with one bucket, whose rows are in order and fill every page. */
export function boltFile(bucket: string, rows: readonly BoltRow[]): Buffer {
  const pages: Buffer[] = [Buffer.alloc(PAGE), Buffer.alloc(PAGE)]
  const append = (page: Buffer): number => {
    const id = pages.length
    page.writeUInt32LE(id, 0)
    page.writeUInt32LE(page.length / PAGE - 1, 12)
    for (let at = 0; at < page.length; at += PAGE) pages.push(page.subarray(at, at + PAGE))
    return id
  }
  let children: Child[] = groups(rows, ({ key, value }) => key.length + value.length).map(
    (group) => ({ key: group[0]?.key ?? Buffer.alloc(0), id: append(leafPage(group)) }),
  )
  while (children.length > 1) {
    children = groups(children, ({ key }) => key.length).map((group) => ({
      key: (group[0] as Child).key,
      id: append(branchPage(group)),
    }))
  }
  const value = Buffer.alloc(16)
  value.writeUInt32LE((children[0] as Child).id, 0)
  const root = append(leafPage([{ key: Buffer.from(bucket), value }], 1))
  writeMeta(pages[0] as Buffer, 0, root, pages.length)
  writeMeta(pages[1] as Buffer, 1, root, pages.length)
  return Buffer.concat(pages)
}

/** The bytes of a file with these buckets, in order, all of them empty. */
export function bucketsFile(names: readonly string[]): Buffer {
  const empty = Buffer.alloc(16 + HEADER)
  empty.writeUInt16LE(FLAG.leaf, 16 + 8)
  const root = leafPage(
    names.map((name) => ({ key: Buffer.from(name), value: empty })),
    1,
  )
  root.writeUInt32LE(2, 0)
  root.writeUInt32LE(root.length / PAGE - 1, 12)
  const metas = [Buffer.alloc(PAGE), Buffer.alloc(PAGE)] as const
  for (const id of [0, 1] as const) writeMeta(metas[id], id, 2, 2 + root.length / PAGE)
  return Buffer.concat([...metas, root])
}

/** As many in a group as fit into a page, and at least one. */
function groups<T>(items: readonly T[], bytesOf: (item: T) => number): T[][] {
  const result: T[][] = []
  let group: T[] = []
  let room = PAGE - HEADER
  for (const item of items) {
    const bytes = ELEMENT + bytesOf(item)
    if (group.length > 0 && bytes > room) {
      result.push(group)
      group = []
      room = PAGE - HEADER
    }
    group.push(item)
    room -= bytes
  }
  return group.length > 0 || result.length === 0 ? [...result, group] : result
}

function page(flags: number, count: number, bytes: number): Buffer {
  const result = Buffer.alloc(Math.ceil((HEADER + count * ELEMENT + bytes) / PAGE) * PAGE)
  result.writeUInt16LE(flags, 8)
  result.writeUInt16LE(count, 10)
  return result
}

function leafPage(rows: readonly BoltRow[], flags = 0): Buffer {
  const bytes = rows.reduce((sum, { key, value }) => sum + key.length + value.length, 0)
  const result = page(FLAG.leaf, rows.length, bytes)
  let position = HEADER + rows.length * ELEMENT
  for (const [index, { key, value }] of rows.entries()) {
    const element = HEADER + index * ELEMENT
    result.writeUInt32LE(flags, element)
    result.writeUInt32LE(position - element, element + 4)
    result.writeUInt32LE(key.length, element + 8)
    result.writeUInt32LE(value.length, element + 12)
    result.set(key, position)
    result.set(value, position + key.length)
    position += key.length + value.length
  }
  return result
}

function branchPage(children: readonly Child[]): Buffer {
  const bytes = children.reduce((sum, { key }) => sum + key.length, 0)
  const result = page(FLAG.branch, children.length, bytes)
  let position = HEADER + children.length * ELEMENT
  for (const [index, { key, id }] of children.entries()) {
    const element = HEADER + index * ELEMENT
    result.writeUInt32LE(position - element, element)
    result.writeUInt32LE(key.length, element + 4)
    result.writeUInt32LE(id, element + 8)
    result.set(key, position)
    position += key.length
  }
  return result
}

function writeMeta(into: Buffer, id: number, root: number, highWaterMark: number): void {
  into.writeUInt32LE(id, 0)
  into.writeUInt16LE(4, 8)
  into.writeUInt32LE(0xed0cdaed, 16)
  into.writeUInt32LE(2, 20)
  into.writeUInt32LE(PAGE, 24)
  into.writeUInt32LE(root, 32)
  into.writeBigUInt64LE(2n ** 64n - 1n, 48)
  into.writeUInt32LE(highWaterMark, 56)
  into.writeUInt32LE(id + 2, 64)
  into.writeBigUInt64LE(fnv1a64(into.subarray(16, 72)), 72)
}
