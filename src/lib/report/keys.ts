import { describeValue, type ValueIdentity } from '../k8s/value.ts'
import { hex16, type Uint64 } from '../proto/uint64.ts'
import type { KeyspaceBounds } from '../store/keyspace-bounds.ts'
import type { KeyEntry } from '../store/keyspace-entry.ts'
import { keyJson, type ValueForm, valueJson } from './bytes.ts'

/** What `--decode` looks for in values. */
export type DecodeForm = 'auto' | 'k8s' | 'json'

export const DECODE_FORMS: readonly DecodeForm[] = ['auto', 'k8s', 'json']

/** What a listing of keys shows besides numbers. */
export interface KeyDisclosure {
  readonly values?: ValueForm | undefined
  readonly decode?: DecodeForm | undefined
}

/** Whether a listing has to read values. */
export function needsValues({ values, decode }: KeyDisclosure): boolean {
  return values !== undefined || decode !== undefined
}

/** The head of `inspect keys`: of which state the keys are. */
export function keysHead(path: string, bounds: KeyspaceBounds, at: Uint64 | undefined): object {
  const { revision, compactRevision } = bounds
  return { path, revision, compactRevision, atRevision: at }
}

/**
 * The `key` line of docs/contract.md.
 *
 * @param value the bytes, where the disclosure needs them
 */
export function keyReport(entry: KeyEntry, disclosure: KeyDisclosure, value?: Uint8Array): object {
  const { key, main, sub, tombstone } = entry
  const head = { type: 'key', key: keyJson(key) }
  if (tombstone) return { ...head, modRevision: main, sub: sub || undefined, tombstone }
  return {
    ...head,
    createRevision: entry.createRevision,
    modRevision: entry.modRevision,
    sub: sub || undefined,
    version: entry.version,
    lease: entry.lease === 0 ? undefined : hex16(entry.lease),
    value: value ? valueJson(value, disclosure.values) : { bytes: entry.valueBytes },
    tombstone,
    decoded: value && disclosure.decode && decodedValue(value, disclosure.decode),
  }
}

/** What a value says that it is, of what was looked for. */
export function decodedValue(value: Uint8Array, form: DecodeForm): ValueIdentity {
  const decoded = describeValue(value)
  const isOther =
    form === 'json'
      ? decoded.encoding !== 'json'
      : form === 'k8s' && decoded.encoding === 'json' && decoded.object === undefined
  return isOther ? { encoding: 'unknown' } : decoded
}
