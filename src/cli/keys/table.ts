import type { ValueIdentity } from '../../lib/k8s/value.ts'
import type { Uint64 } from '../../lib/proto/uint64.ts'
import { hex16 } from '../../lib/proto/uint64.ts'
import { type ValueJson, valueJson } from '../../lib/report/bytes.ts'
import { escapeForTerminal } from '../../lib/report/escape.ts'
import { toJson } from '../../lib/report/json.ts'
import { decodedValue, type KeyDisclosure } from '../../lib/report/keys.ts'
import type { KeyEntry } from '../../lib/store/keyspace-entry.ts'
import type { Out } from '../out.ts'
import type { Theme } from '../theme.ts'

const VERSION_WIDTH = 7
const SIZE_WIDTH = 8
const BELOW = '    '

/** Lists keys for people: a line each, never cut, and below it what is asked of the value. */
export class KeyTable {
  private readonly out: Out
  private readonly theme: Theme
  private readonly disclosure: KeyDisclosure
  private readonly width: number

  /** @param revision the highest that can occur */
  constructor(out: Out, theme: Theme, disclosure: KeyDisclosure, revision: Uint64) {
    this.out = out
    this.theme = theme
    this.disclosure = disclosure
    this.width = Math.max(6, String(revision).length)
  }

  head(): void {
    this.out.line(this.theme.dim(this.row('MOD', 'CREATE', 'VERSION', 'SIZE', 'KEY')))
  }

  /** @param value the bytes, where the disclosure needs them */
  entry(entry: KeyEntry, value?: Uint8Array): void {
    const { main, tombstone, createRevision, modRevision, version, valueBytes, lease } = entry
    const key = escapeForTerminal(entry.key)
    if (tombstone) {
      this.out.line(this.theme.dim(this.row(main, '-', '-', 'deleted', key)))
      return
    }
    const leased = lease === 0 ? '' : this.theme.dim(`  lease ${hex16(lease)}`)
    this.out.line(this.row(modRevision, createRevision, version, valueBytes, key) + leased)
    if (value) this.below(value)
  }

  private row(...cells: readonly [...(Uint64 | string)[]]): string {
    const widths = [this.width, this.width, VERSION_WIDTH, SIZE_WIDTH]
    return cells.map((cell, at) => String(cell).padStart(widths[at] ?? 0)).join('  ')
  }

  private below(value: Uint8Array): void {
    const { values, decode } = this.disclosure
    if (decode)
      this.out.line(this.theme.dim(`${BELOW}${identityText(decodedValue(value, decode))}`))
    if (!values) return
    for (const line of valueLines(valueJson(value, values))) this.out.line(`${BELOW}${line}`)
  }
}

function valueLines(value: ValueJson): readonly string[] {
  if ('text' in value) return value.text.split('\n').map(escapeForTerminal)
  if ('json' in value) return toJson(value.json, 2).split('\n')
  if ('hex' in value) return [value.hex]
  if ('base64' in value) return [value.base64]
  return [`sha256 ${value.sha256}`]
}

/** `v1 Pod default/web-0  created 2026-01-31T12:00:00Z  protobuf`. */
function identityText(value: ValueIdentity): string {
  const facts = [...namesOf(value), value.encoding]
  if ('damage' in value && value.damage) {
    facts.push(`damaged at ${value.damage.at}: ${value.damage.reason}`)
  }
  return facts.map(escapeForTerminal).join('  ')
}

function namesOf(value: ValueIdentity): string[] {
  if (value.encoding === 'encrypted') {
    return [`${value.provider} ${value.version} key ${value.keyName}`]
  }
  if (!('object' in value) || !value.object) return []
  const { apiVersion, kind, namespace, name, creationTimestamp } = value.object
  const path = [namespace, name].filter((part) => part !== undefined).join('/')
  const made = creationTimestamp === undefined ? [] : [`created ${creationTimestamp}`]
  return [`${apiVersion} ${kind} ${path}`.trimEnd(), ...made]
}
