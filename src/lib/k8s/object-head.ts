import type { ValueDamage } from './damage.ts'
import type { ObjectIdentity } from './object-identity.ts'
import type { MetaIdentity } from './object-meta.ts'

/** What an object's encoding says of it, whichever that is. */
export interface ObjectHead {
  /** Empty when it names none. */
  readonly apiVersion: string
  readonly kind: string
  readonly meta?: MetaIdentity | undefined
  readonly damage?: ValueDamage | undefined
}

/** The identity in a head; undefined without an apiVersion or kind, which Kubernetes refuses too. */
export function identityOf({ apiVersion, kind, meta }: ObjectHead): ObjectIdentity | undefined {
  return apiVersion && kind ? { apiVersion, kind, ...meta } : undefined
}
