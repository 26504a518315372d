import type { ValueDamage } from './value.ts'

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
