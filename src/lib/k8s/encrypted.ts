import { WIRE } from '../proto/cursor.ts'
import type { ValueDamage } from './damage.ts'
import { FieldReader } from './field-reader.ts'
import { utf8 } from './utf8.ts'

/** A value that the apiserver encrypted: what stands in front of the ciphertext. */
export interface EncryptedValue {
  readonly encoding: 'encrypted'
  /** `aescbc`, `aesgcm`, `secretbox`, `kms`, or what a later apiserver has. */
  readonly provider: string
  /** `v1`, `v2`. */
  readonly version: string
  /** The name of the key, or of the KMS plugin, in the encryption configuration. */
  readonly keyName: string
  /** KMS v2 alone: the plugin's id of the key that encrypted the data key. */
  readonly kmsKeyId?: string
  readonly damage?: ValueDamage
}

const PREFIX = new TextEncoder().encode('k8s:enc:')
const COLON = 0x3a

/** Longer than any provider, version and name: those of the configuration are a line each. */
const LONGEST_HEAD = 1024

export function isEncrypted(value: Uint8Array): boolean {
  return PREFIX.every((byte, index) => value[index] === byte)
}

/**
 * Reads what stands in front of a ciphertext: `k8s:enc:<provider>:<version>:<key name>:`. Undefined
 * when that is not complete. A key name with a colon, which AES and secretbox keys may have, is cut
 * there: nothing tells where it ends.
 *
 * Prefixes: pkg/server/options/encryptionconfig/config.go of k8s.io/apiserver @ v0.37.2.
 */
export function readEncrypted(value: Uint8Array): EncryptedValue | undefined {
  const words: string[] = []
  let from = PREFIX.length
  while (words.length < 3) {
    const to = value.subarray(0, LONGEST_HEAD).indexOf(COLON, from)
    const word = to > from ? utf8(value, from, to) : undefined
    if (word === undefined) return undefined
    words.push(word)
    from = to + 1
  }
  const [provider = '', version = '', keyName = ''] = words
  const sealed = SEALED[`${provider}:${version}`]?.(value, from)
  return { encoding: 'encrypted', provider, version, keyName, ...sealed }
}

interface Sealed {
  kmsKeyId?: string
  damage?: ValueDamage
}

/** By provider and version: what follows the prefix. */
const SEALED: Record<string, (value: Uint8Array, from: number) => Sealed> = {
  // An initialization vector, and at least one block: padding is never empty.
  'aescbc:v1': (value, from) => {
    const bytes = value.length - from
    return bytes < 32 || bytes % 16 !== 0 ? cut(value, 'no whole AES blocks') : {}
  },
  // A nonce and a tag.
  'aesgcm:v1': (value, from) => atLeast(value, from, 12 + 16),
  'secretbox:v1': (value, from) => atLeast(value, from, 24 + 16),
  // The length of the encrypted data key in 16 bits, the key, and AES-CBC or AES-GCM.
  'kms:v1': (value, from) => {
    const high = value[from] ?? 0
    const low = value[from + 1] ?? 0
    return atLeast(value, from, 2 + high * 256 + low + 12 + 16)
  },
  'kms:v2': readKmsV2,
}

/** An EncryptedObject: pkg/storage/value/encrypt/envelope/kmsv2/v2/api.proto. */
function readKmsV2(value: Uint8Array, from: number): Sealed {
  const fields = new FieldReader(value, from, value.length)
  const sealed: Sealed = {}
  let hasData = false
  while (fields.next()) {
    if (fields.wire !== WIRE.bytes) continue
    if (fields.field === 1) hasData = true
    if (fields.field === 2) sealed.kmsKeyId = fields.text() ?? ''
  }
  if (fields.damage) return { ...sealed, damage: fields.damage }
  return hasData ? sealed : { ...sealed, ...cut(value, 'no encrypted data') }
}

function atLeast(value: Uint8Array, from: number, bytes: number): Sealed {
  return value.length - from < bytes ? cut(value, 'shorter than its parts') : {}
}

function cut(value: Uint8Array, reason: string): Sealed {
  return { damage: { at: value.length, reason } }
}
