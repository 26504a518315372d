import type { Uint64 } from '../proto/uint64.ts'

/** Which Kubernetes object a value is. What the value does not say is absent. */
export interface ObjectIdentity {
  /** `v1`, `apps/v1`, `route.openshift.io/v1`. */
  readonly apiVersion: string
  readonly kind: string
  /** Absent for an object of the whole cluster. */
  readonly namespace?: string
  /** Absent for what is stored without one, as the apiserver's own `ranges` and `masterleases`. */
  readonly name?: string
  readonly uid?: string
  /** As Kubernetes writes it: `2026-01-31T12:00:00Z`. */
  readonly creationTimestamp?: string
  /** Of the spec: counts its changes. */
  readonly generation?: Uint64
  /** Empty, and therefore absent, in nearly all: it is the key's mod revision. */
  readonly resourceVersion?: string
}

/** The group of an apiVersion: `apps` of `apps/v1`, '' of `v1`. */
export function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf('/')
  return slash < 0 ? '' : apiVersion.slice(0, slash)
}
