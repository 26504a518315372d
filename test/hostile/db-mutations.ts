/** Damage to one place of a bbolt file, chosen by a number: the same for the same number. */
import { DbPages, type TreePage } from './db-pages.ts'

export interface Mutation {
  /** What was done, and where. */
  readonly what: string
  readonly bytes: Buffer
}

/** Numbers below a bound, which follow from a seed alone. */
export type Random = (bound: number) => number

/** Mulberry32. */
export function randomOf(seed: number): Random {
  let state = seed >>> 0
  return (bound) => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) % bound
  }
}

type Mutate = (db: DbPages, random: Random) => string

/** Of the intact bytes one place is changed. */
export function mutate(intact: Uint8Array, seed: number): Mutation {
  const random = randomOf(seed)
  const db = new DbPages(intact)
  const usable = db.freelist === undefined ? TREE : [...TREE, ...FREELIST]
  const [name, change] = usable[random(usable.length)] as [string, Mutate]
  return { what: `${name}: ${change(db, random)}`, bytes: db.bytes }
}

const TREE: readonly [string, Mutate][] = [
  ['element pos', (db, random) => elementField(db, random, { leaf: 4, branch: 0 })],
  ['element ksize', (db, random) => elementField(db, random, { leaf: 8, branch: 4 })],
  ['element vsize', (db, random) => elementField(db, random, { leaf: 12, branch: 4 })],
  ['element flags', elementFlags],
  ['branch pgid', branchChild],
  ['bucket root', bucketRoot],
  ['page flags', pageFlags],
  ['page count', pageCount],
  ['page overflow', pageOverflow],
  ['page id', pageId],
  ['key byte', keyByte],
  ['last byte of a key', keyEnd],
  ['branch key byte', branchKeyByte],
  ['elements swapped', elementsSwapped],
  ['pages swapped', (db, random) => pagesSwapped(db, random, false)],
  ['pages swapped with their ids', (db, random) => pagesSwapped(db, random, true)],
  ['page duplicated', (db, random) => pageDuplicated(db, random, false)],
  ['page duplicated with another id', (db, random) => pageDuplicated(db, random, true)],
  ['page zeroed', pageZeroed],
  ['half a page zeroed', halfZeroed],
  ['high-water mark', highWaterMark],
  ['root of the file', fileRoot],
]

const FREELIST: readonly [string, Mutate][] = [
  ['freelist id twice', freelistTwice],
  ['freelist id of a page in use', freelistUsed],
  ['freelist id missing', freelistMissing],
  ['freelist id anywhere', freelistAnywhere],
  ['freelist count', freelistCount],
  ['freelist elsewhere', freelistElsewhere],
]

function choose<T>(list: readonly T[], random: Random): T {
  return list[random(list.length)] as T
}

function chooseTree(
  db: DbPages,
  random: Random,
  filter: (page: TreePage) => boolean = () => true,
): TreePage {
  return choose(db.tree().filter(filter), random)
}

const hasElements = ({ count }: TreePage): boolean => count > 0

function elementField(
  db: DbPages,
  random: Random,
  fields: { readonly leaf: number; readonly branch: number },
): string {
  const { id, kind, count } = chooseTree(db, random, hasElements)
  const index = random(count)
  const at = db.element(id, index) + fields[kind]
  const before = db.bytes.readUInt32LE(at)
  const after = choose(
    [before + 1, before - 1, before ^ (1 << random(32)), random(5000), 0],
    random,
  )
  db.bytes.writeUInt32LE(after >>> 0, at)
  return `element ${index} of ${kind} page ${id}, ${before} -> ${after >>> 0}`
}

function elementFlags(db: DbPages, random: Random): string {
  const { id, count } = chooseTree(db, random, ({ kind, count }) => kind === 'leaf' && count > 0)
  const index = random(count)
  const at = db.element(id, index)
  const after = choose([1, 2, 3, 0x8000_0000], random)
  const before = db.bytes.readUInt32LE(at)
  db.bytes.writeUInt32LE(after === before ? 0 : after, at)
  return `element ${index} of page ${id}, ${before} -> ${after}`
}

function somePage(db: DbPages, random: Random): number {
  return choose(
    [random(db.highWaterMark), db.highWaterMark, db.highWaterMark + random(1000), 0, 1],
    random,
  )
}

function branchChild(db: DbPages, random: Random): string {
  const { id, count } = chooseTree(db, random, ({ kind }) => kind === 'branch')
  const index = random(count)
  const child = somePage(db, random)
  db.bytes.writeBigUInt64LE(BigInt(child), db.element(id, index) + 8)
  return `element ${index} of page ${id} -> ${child}`
}

function bucketRoot(db: DbPages, random: Random): string {
  const at = db.bucketElement('key')
  const value = at + db.bytes.readUInt32LE(at + 4) + db.bytes.readUInt32LE(at + 8)
  const root = somePage(db, random)
  db.bytes.writeBigUInt64LE(BigInt(root), value)
  return `-> ${root}`
}

function pageFlags(db: DbPages, random: Random): string {
  const { id } = chooseTree(db, random)
  const before = db.flags(id)
  const after = choose([0, 1, 2, 3, 4, 0x10, before | 0x80, 0xffff], random)
  db.bytes.writeUInt16LE(after === before ? after ^ 3 : after, db.at(id) + 8)
  return `page ${id}, ${before} -> ${after}`
}

function pageCount(db: DbPages, random: Random): string {
  const { id, count } = chooseTree(db, random)
  const after = choose([count + 1, Math.max(0, count - 1), 0, random(400), 0xffff], random)
  db.bytes.writeUInt16LE(after, db.at(id) + 10)
  return `page ${id}, ${count} -> ${after}`
}

function pageOverflow(db: DbPages, random: Random): string {
  const { id, pages } = chooseTree(db, random)
  const after = choose([pages, pages + 1, 0, 1, random(40), 0xffff_ffff], random)
  db.bytes.writeUInt32LE(after, db.at(id) + 12)
  return `page ${id}, ${pages - 1} -> ${after}`
}

function pageId(db: DbPages, random: Random): string {
  const { id } = chooseTree(db, random)
  const after = somePage(db, random)
  db.bytes.writeBigUInt64LE(BigInt(after), db.at(id))
  return `page ${id} -> ${after}`
}

function keyByte(db: DbPages, random: Random): string {
  const { id, count } = chooseTree(db, random, ({ kind, count }) => kind === 'leaf' && count > 0)
  const index = random(count)
  const { key, keyBytes } = db.leafElement(id, index)
  return `element ${index} of page ${id}, ${flip(db, key + random(keyBytes), random)}`
}

function keyEnd(db: DbPages, random: Random): string {
  const { id, count } = chooseTree(db, random, ({ kind, count }) => kind === 'leaf' && count > 1)
  const index = random(count - 1)
  const [one, next] = [index, index + 1].map((each) => db.leafElement(id, each))
  if (one && next && one.keyBytes === next.keyBytes) {
    db.bytes.copy(db.bytes, one.key, next.key, next.key + next.keyBytes)
    return `element ${index} of page ${id} has the key of the next`
  }
  return `element ${index} of page ${id}, ${flip(db, (one?.value ?? 0) - 1, random)}`
}

function branchKeyByte(db: DbPages, random: Random): string {
  const { id, count } = chooseTree(db, random, ({ kind }) => kind === 'branch')
  const index = random(count)
  const { key, keyBytes } = db.branchElement(id, index)
  return `element ${index} of page ${id}, ${flip(db, key + random(keyBytes), random)}`
}

function flip(db: DbPages, at: number, random: Random): string {
  const before = db.bytes[at] as number
  const after = before ^ (1 << random(8))
  db.bytes[at] = after
  return `byte ${at}, ${before} -> ${after}`
}

function elementsSwapped(db: DbPages, random: Random): string {
  const { id, count } = chooseTree(db, random, ({ kind, count }) => kind === 'leaf' && count > 1)
  const one = random(count)
  const other = (one + 1 + random(count - 1)) % count
  const [a, b] = [one, other].map((index) => {
    const at = db.element(id, index)
    return { at, bytes: Buffer.from(db.bytes.subarray(at, at + 16)) }
  }) as [{ at: number; bytes: Buffer }, { at: number; bytes: Buffer }]
  // The key's place is counted from the element.
  a.bytes.writeUInt32LE(a.bytes.readUInt32LE(4) + a.at - b.at, 4)
  b.bytes.writeUInt32LE(b.bytes.readUInt32LE(4) + b.at - a.at, 4)
  a.bytes.copy(db.bytes, b.at)
  b.bytes.copy(db.bytes, a.at)
  return `${one} and ${other} of page ${id}`
}

function twoPages(db: DbPages, random: Random): [number, number] {
  const one = chooseTree(db, random, ({ pages }) => pages === 1)
  const other = chooseTree(db, random, ({ pages, id }) => pages === 1 && id !== one.id)
  return [one.id, other.id]
}

function pageBytes(db: DbPages, page: number): Buffer {
  return Buffer.from(db.bytes.subarray(db.at(page), db.at(page + 1)))
}

/** Of pages in the wrong place, written there by a disk or, with their ids, by a program. */
function pagesSwapped(db: DbPages, random: Random, withIds: boolean): string {
  const [one, other] = twoPages(db, random)
  const [a, b] = [pageBytes(db, one), pageBytes(db, other)]
  a.copy(db.bytes, db.at(other))
  b.copy(db.bytes, db.at(one))
  if (withIds) {
    db.bytes.writeBigUInt64LE(BigInt(one), db.at(one))
    db.bytes.writeBigUInt64LE(BigInt(other), db.at(other))
  }
  return `${one} and ${other}`
}

function pageDuplicated(db: DbPages, random: Random, withId: boolean): string {
  const [one, other] = twoPages(db, random)
  pageBytes(db, one).copy(db.bytes, db.at(other))
  if (withId) db.bytes.writeBigUInt64LE(BigInt(other), db.at(other))
  return `${one} over ${other}`
}

function pageZeroed(db: DbPages, random: Random): string {
  const { id } = chooseTree(db, random)
  db.bytes.fill(0, db.at(id), db.at(id + 1))
  return `page ${id}`
}

function halfZeroed(db: DbPages, random: Random): string {
  const { id } = chooseTree(db, random)
  const half = random(2)
  const at = db.at(id) + (half * db.pageSize) / 2
  db.bytes.fill(0, at, at + db.pageSize / 2)
  return `half ${half} of page ${id}`
}

function highWaterMark(db: DbPages, random: Random): string {
  const before = db.highWaterMark
  const after = choose(
    [before - 1, before + 1, before - 1 - random(before - 4), before * 2],
    random,
  )
  db.setMeta('highWaterMark', after)
  return `${before} -> ${after}`
}

function fileRoot(db: DbPages, random: Random): string {
  const root = somePage(db, random)
  db.setMeta('root', root)
  return `-> ${root}`
}

function freelistIds(db: DbPages): { readonly page: number; readonly at: number; count: number } {
  const page = db.freelist ?? 0
  return { page, at: db.at(page) + 16, count: db.count(page) }
}

function setFreelistId(db: DbPages, index: number, id: number | bigint): void {
  db.bytes.writeBigUInt64LE(BigInt(id), freelistIds(db).at + index * 8)
}

function freelistTwice(db: DbPages, random: Random): string {
  const { at, count } = freelistIds(db)
  const index = random(count)
  const other = (index + 1) % count
  const id = db.bytes.readBigUInt64LE(at + other * 8)
  setFreelistId(db, index, id)
  return `${id}`
}

function freelistUsed(db: DbPages, random: Random): string {
  const { count } = freelistIds(db)
  const { id } = chooseTree(db, random)
  setFreelistId(db, random(count), id)
  return `${id}`
}

function freelistMissing(db: DbPages, _random: Random): string {
  const { page, count } = freelistIds(db)
  db.bytes.writeUInt16LE(count - 1, db.at(page) + 10)
  return 'the last one'
}

function freelistAnywhere(db: DbPages, random: Random): string {
  const { count } = freelistIds(db)
  const id = choose([0, 1, db.highWaterMark, db.highWaterMark + random(100), 2 ** 40], random)
  const index = random(count)
  setFreelistId(db, index, id)
  return `${index} -> ${id}`
}

function freelistCount(db: DbPages, random: Random): string {
  const { page, count } = freelistIds(db)
  const after = choose([0, count + 1, random(600), 0xffff], random)
  db.bytes.writeUInt16LE(after, db.at(page) + 10)
  return `${count} -> ${after}`
}

function freelistElsewhere(db: DbPages, random: Random): string {
  const page = somePage(db, random)
  db.setMeta('freelist', page)
  return `-> ${page}`
}
