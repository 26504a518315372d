import { parseRegistryKey, type RegistryFacts, type RegistryKey } from '../k8s/registry-key.ts'
import { KubernetesSurvey } from '../k8s/survey.ts'
import { describeValue } from '../k8s/value.ts'
import type { RevisionRow } from './revision-row.ts'

/** More kinds, or namespaces, than these have no numbers of their own. */
const MOST_LABELS = 100_000

/** What a row is numbered with when it has no label, or when the apiserver encrypted it. */
const NONE = 0
const ENCRYPTED = 1

/** What keys of Kubernetes can be grouped by. */
export type LabelKind = 'kind' | 'namespace'

/**
 * Finds out which kind of object, or which namespace, keys belong to. While rows are read it tells a
 * number for each from its value; what a value does not say, because it is encrypted, its key tells
 * when all rows were read. Nothing is guessed from a key that no apiserver's prefix fits.
 */
export class KubernetesLabels {
  private readonly by: LabelKind
  private readonly survey = new KubernetesSurvey()
  private readonly numbers = new Map<string, number>()
  private readonly labels: string[] = []
  private facts: RegistryFacts | undefined

  constructor(by: LabelKind) {
    this.by = by
  }

  /** The number of a row's label; 0 when it has none. */
  numberOf({ key, tombstone, value }: RevisionRow): number {
    if (tombstone) return NONE
    const identity = describeValue(value)
    this.survey.add(key, identity)
    if (identity.encoding === 'encrypted') return ENCRYPTED
    const object = 'object' in identity ? identity.object : undefined
    if (object === undefined) return NONE
    const { apiVersion, kind, namespace = '' } = object
    return this.numberOfLabel(this.by === 'kind' ? `${apiVersion} ${kind}` : namespace)
  }

  /** The label of a key whose rows have this number; undefined when it belongs to none. */
  labelOf(number: number, key: Uint8Array): string | undefined {
    if (number > ENCRYPTED) return this.labels[number - ENCRYPTED - 1]
    this.facts ??= this.survey.facts
    const parsed = number === NONE ? undefined : parseRegistryKey(key, this.facts)
    return parsed && (this.by === 'kind' ? encryptedKind(parsed) : parsed.namespace)
  }

  private numberOfLabel(label: string): number {
    const known = this.numbers.get(label)
    if (known !== undefined) return known
    if (this.labels.length >= MOST_LABELS) return NONE
    this.labels.push(label)
    const number = ENCRYPTED + this.labels.length
    this.numbers.set(label, number)
    return number
  }
}

function encryptedKind({ group, resource }: RegistryKey): string | undefined {
  if (resource === undefined) return undefined
  return `encrypted ${group === undefined ? '' : `${group}/`}${resource}`
}
