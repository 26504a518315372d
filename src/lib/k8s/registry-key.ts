import type { ObjectIdentity } from './object-identity.ts'

/** A key as an apiserver makes them: `/<prefix>/[<group>/]<resource>/[<namespace>/]<name>`. */
export interface RegistryKey {
  /** All there is between slashes; never empty, and none of them is. */
  readonly segments: readonly string[]
  /** The one of the given prefixes that the key is below, as it was given: `/registry`. */
  readonly prefix?: string
  /** The group, where the path has one: custom resources and few others. */
  readonly group?: string
  /**
   * The resource's path: `pods`, `services/specs`, `minions`. Without an object only its first
   * segment, which is all that is certain.
   */
  readonly resource?: string
  /** Absent when there is none, and when nothing tells whether there is one. */
  readonly namespace?: string
  /** The object's; where the value names none because it is encrypted, the last segment. */
  readonly name?: string
}

/** What is known besides the key; each fact makes more of it certain. */
export interface RegistryFacts {
  /** As `KubernetesSurvey` gives them: `/registry`, '' for the root. The longest that fits is taken. */
  readonly prefixes?: readonly string[]
  /** The object in the value. */
  readonly object?: ObjectIdentity | undefined
  /** Names of the store's namespaces, which tell one where the value is encrypted. */
  readonly namespaces?: ReadonlySet<string>
}

const SLASH = 0x2f

/** A prefix may have any number of segments; a key of more is nobody's. */
const MOST_SEGMENTS = 64

/**
 * Reads a key as a path below an apiserver's `--etcd-prefix`. Undefined when it is none: it does not
 * begin with a slash, has an empty segment or is not UTF-8.
 *
 * A key alone does not tell where the prefix ends, nor a namespace from the second half of a
 * resource (`services/specs`): what no fact makes certain is left out.
 *
 * `path.Join("/", prefix)`: pkg/storage/etcd3/store.go of k8s.io/apiserver @ v0.37.2. The paths of
 * resources: pkg/registry/generic/registry/store.go there.
 */
export function parseRegistryKey(
  key: Uint8Array,
  facts: RegistryFacts = {},
): RegistryKey | undefined {
  const segments = segmentsOf(key)
  if (!segments) return undefined
  const tail = facts.object && tailOf(segments, facts.object)
  const prefix = longestPrefix(segments, facts.prefixes ?? [])
  if (prefix === undefined) return { segments, ...tail }
  const rest = segments.slice(depthOf(prefix))
  if (tail) {
    const length = tail.namespace === undefined ? 1 : 2
    return { segments, prefix, ...resourceOf(rest.slice(0, -length)), ...tail }
  }
  return { segments, prefix, ...fromPath(rest, facts) }
}

function segmentsOf(key: Uint8Array): string[] | undefined {
  if (key.length < 2 || key[0] !== SLASH) return undefined
  let text: string
  try {
    text = utf8.decode(key)
  } catch {
    return undefined
  }
  const segments = text.split('/', MOST_SEGMENTS + 2)
  segments.shift()
  const isPath = segments.length <= MOST_SEGMENTS && !segments.includes('')
  return isPath ? segments : undefined
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** The end of the path, when it is the object's own; a key can also be called otherwise. */
function tailOf(
  segments: readonly string[],
  { namespace, name }: ObjectIdentity,
): { name: string; namespace?: string } | undefined {
  if (name === undefined || segments.at(-1) !== name) return undefined
  if (namespace === undefined) return { name }
  return segments.at(-2) === namespace ? { namespace, name } : undefined
}

/** Group and resource, when the segments are all of the path between the prefix and the object. */
function resourceOf(path: readonly string[]): { group?: string; resource?: string } {
  const [first, ...more] = path
  if (first === undefined) return {}
  // A resource's name is a DNS label, a group that has its own segment a domain.
  if (first.includes('.') && more.length > 0) return { group: first, resource: more.join('/') }
  return { resource: path.join('/') }
}

/** What is certain of a path without its object. */
function fromPath(rest: readonly string[], { object, namespaces }: RegistryFacts) {
  const own = rest.length >= 3 && rest[0]?.includes('.') ? 2 : 1
  // Without an object below it, as in the health check's `/registry/health`, it is no resource.
  if (rest.length <= own) return {}
  const resource = resourceOf(rest.slice(0, own))
  const name = rest.at(-1)
  if (object || name === undefined) return resource
  const namespace = rest.at(-2)
  if (namespace !== undefined && rest.length >= own + 2 && namespaces?.has(namespace)) {
    return { ...resourceOf(rest.slice(0, -2)), namespace, name }
  }
  return { ...resource, name }
}

function longestPrefix(segments: readonly string[], prefixes: readonly string[]) {
  const path = `/${segments.join('/')}`
  let longest: string | undefined
  for (const prefix of prefixes) {
    const fits = path.startsWith(prefix) && path[prefix.length] === '/'
    if (fits && prefix.length >= (longest?.length ?? 0)) longest = prefix
  }
  return longest
}

function depthOf(prefix: string): number {
  return prefix === '' ? 0 : prefix.split('/').length - 1
}
