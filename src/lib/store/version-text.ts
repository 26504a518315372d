import type { Row } from '../bolt/row.ts'

const LONGEST = 64

/** The value of a row as a version, `3.5.0`; undefined when servers would not take it for one. */
export function versionRow({ value }: Row): string | undefined {
  if (value.length > LONGEST) return undefined
  return versionText(Buffer.from(value.buffer, value.byteOffset, value.length).toString('latin1'))
}

/** Source: Set in semver.go @ github.com/coreos/go-semver v0.3.1. */
export function versionText(text: string): string | undefined {
  return /^\d+\.\d+\.\d+([-+][\x21-\x7e]*)?$/.test(text) ? text : undefined
}
