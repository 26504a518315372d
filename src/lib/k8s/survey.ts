import { groupOf, type ObjectIdentity } from './object-identity.ts'
import { parseRegistryKey, type RegistryFacts } from './registry-key.ts'
import type { ValueIdentity } from './value.ts'

/** More apiservers than this share no etcd; what a hostile file claims beyond is not kept. */
const MOST_PREFIXES = 1000
const MOST_NAMESPACES = 100_000

/** Where every Kubernetes keeps its namespaces, with or without a table of kinds. */
const NAMESPACES = 'namespaces'

/**
 * Finds out whether a store is Kubernetes', and below which `--etcd-prefix`, from its keys and values
 * in any order. Takes the room of its prefixes and namespaces, never of its keys.
 *
 * Two things tell a prefix for certain: a Namespace, which is at `<prefix>/namespaces/<name>`, and an
 * object whose path has its own apiVersion's group as a segment, as custom resources have it, which
 * stands behind the prefix. An object below no such prefix, as OpenShift's `/openshift.io/routes/…`,
 * counts for the first segment of its key.
 */
export class KubernetesSurvey {
  private readonly certain = new Set<string>()
  private readonly assumed = new Set<string>()
  private readonly names = new Set<string>()
  private objectCount = 0

  /** Takes note of one live key. */
  add(key: Uint8Array, value: ValueIdentity): void {
    if (value.encoding === 'encrypted') this.objectCount += 1
    const object = 'object' in value ? value.object : undefined
    if (object === undefined) return
    const parsed = parseRegistryKey(key, { object })
    if (parsed?.name === undefined) return
    this.objectCount += 1
    const { segments } = parsed
    const path = segments.slice(0, parsed.namespace === undefined ? -1 : -2)
    const length = prefixLength(path, object)
    if (length !== undefined) keep(this.certain, pathOf(path.slice(0, length)), MOST_PREFIXES)
    else if (path.length > 1) keep(this.assumed, pathOf(path.slice(0, 1)), MOST_PREFIXES)
    if (isNamespace(object) && path.at(-1) === NAMESPACES) {
      keep(this.names, parsed.name, MOST_NAMESPACES)
    }
  }

  /** Whether there is an object of Kubernetes, or a value that an apiserver encrypted. */
  get isKubernetes(): boolean {
    return this.objectCount > 0
  }

  /** Live keys whose value is such an object, or encrypted. */
  get objects(): number {
    return this.objectCount
  }

  /** What `parseRegistryKey` can use; complete once all keys were added. */
  get facts(): Required<Pick<RegistryFacts, 'prefixes' | 'namespaces'>> {
    const certain = [...this.certain]
    const assumed = [...this.assumed].filter((prefix) => {
      return !certain.some((other) => `${other}/`.startsWith(`${prefix}/`) || other === '')
    })
    return { prefixes: [...certain, ...assumed].sort(), namespaces: this.names }
  }
}

/** How many segments in front of group and resource are the prefix, where that is certain. */
function prefixLength(path: readonly string[], object: ObjectIdentity): number | undefined {
  if (isNamespace(object) && path.at(-1) === NAMESPACES) return path.length - 1
  const group = groupOf(object.apiVersion)
  const hasGroup = group !== '' && path.at(-2) === group
  return hasGroup ? path.length - 2 : undefined
}

function isNamespace({ apiVersion, kind }: ObjectIdentity): boolean {
  return apiVersion === 'v1' && kind === 'Namespace'
}

function pathOf(segments: readonly string[]): string {
  return segments.map((segment) => `/${segment}`).join('')
}

function keep(set: Set<string>, value: string, most: number): void {
  if (set.size < most) set.add(value)
}
