import type { JsonValue } from '../proto/json.ts'
import { isObject } from '../proto/json-shape.ts'
import type { Member } from '../proto/member.ts'
import { type Uint64, uint64FromHex } from '../proto/uint64.ts'

/**
 * What the v2 store of a raft snapshot says: `/0` is the cluster's own, `/1` the keys of users, `/2`
 * v2 auth. Source: server/etcdserver/api/membership/storev2.go @ v3.5.33.
 */
export interface V2Store {
  readonly members: readonly Member[]
  readonly removedMembers: readonly Uint64[]
  readonly clusterVersion?: string
  /** Paths of everything that 3.6 refuses to start on, in order. */
  readonly userKeys: readonly string[]
}

interface Node {
  readonly value: string
  readonly children: ReadonlyMap<string, Node>
}

/** Reads the JSON that `store.Save()` wrote; undefined when it has not the shape of a v2 store. */
export function readV2Store(json: JsonValue): V2Store | undefined {
  const root = isObject(json) ? nodeOf(json.Root) : undefined
  if (root === undefined) return undefined
  const cluster = root.children.get('0')
  const version = cluster?.children.get('version')?.value
  return {
    members: membersOf(cluster?.children.get('members')),
    removedMembers: idsOf(cluster?.children.get('removed_members')),
    ...(version ? { clusterVersion: version } : {}),
    userKeys: [...customKeys(root)],
  }
}

function membersOf(directory: Node | undefined): Member[] {
  const members: Member[] = []
  for (const [name, node] of directory?.children ?? []) {
    const id = uint64FromHex(name)
    if (id === undefined) continue
    const raft = parsed(node.children.get('raftAttributes'))
    const attributes = parsed(node.children.get('attributes'))
    members.push({
      id,
      ...(typeof attributes.name === 'string' ? { name: attributes.name } : {}),
      peerUrls: strings(raft.peerURLs),
      clientUrls: strings(attributes.clientURLs),
      isLearner: raft.isLearner === true,
    })
  }
  return members.sort((a, b) => (a.id < b.id ? -1 : 1))
}

function idsOf(directory: Node | undefined): Uint64[] {
  const ids = [...(directory?.children.keys() ?? [])].map(uint64FromHex)
  return ids.filter((id) => id !== undefined).sort((a, b) => (a < b ? -1 : 1))
}

/**
 * Everything outside `/0`, but for the empty directories that every store has and for a `/2` whose
 * children are leaves: IsMetaStoreOnly in storev2.go @ v3.6.14.
 */
function* customKeys(root: Node): Generator<string> {
  for (const [name, node] of root.children) {
    if (name === '0') continue
    const isFlatAuth = name === '2' && [...node.children.values()].every(isLeaf)
    if (!isFlatAuth) yield* pathsBelow(`/${name}`, node)
  }
}

function* pathsBelow(path: string, node: Node): Generator<string> {
  for (const [name, child] of node.children) {
    const below = `${path}/${name}`
    if (isLeaf(child)) yield below
    else yield* pathsBelow(below, child)
  }
}

function isLeaf(node: Node): boolean {
  return node.children.size === 0
}

function nodeOf(json: JsonValue | undefined): Node | undefined {
  if (!isObject(json)) return undefined
  const children = new Map<string, Node>()
  for (const [name, child] of Object.entries(isObject(json.Children) ? json.Children : {})) {
    const node = nodeOf(child)
    if (node) children.set(name, node)
  }
  return { value: typeof json.Value === 'string' ? json.Value : '', children }
}

/** Attributes are JSON texts inside the JSON; a broken one reads as empty. */
function parsed(node: Node | undefined): { [key: string]: unknown } {
  try {
    const value: unknown = JSON.parse(node?.value ?? '{}')
    return isObject(value as JsonValue) ? (value as { [key: string]: unknown }) : {}
  } catch {
    return {}
  }
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : []
}
