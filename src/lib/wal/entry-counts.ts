import { ENTRY } from './entry.ts'
import type { FrameReader } from './frame-reader.ts'
import { decodePayload, type Payload } from './payload.ts'

/** The kind of an entry as reports name it: that of the request it carries, or of the entry itself. */
function payloadName(payload: Payload): string {
  return payload.kind === 'request' ? payload.name : payload.kind
}

/** An entry that was too large to be looked into. */
const TOO_LARGE = 'tooLarge'

/**
 * Of these every one is decoded, not only the first: they tell who belongs to the cluster. And of
 * numbers that no etcd knows there are too many to be remembered.
 */
const ALWAYS_DECODED = new Set(['clusterVersionSet', 'clusterMemberAttrSet', 'unknown'])

/**
 * Counts entries by what they ask for. Payloads are looked at only as far as it takes to tell; a
 * request's name is decoded the first time its field number turns up.
 */
export class EntryCounts {
  private readonly byName = new Map<string, number>()
  private readonly byField = new Map<number, number>()
  private readonly names = new Map<number, string>()
  /** The requests that need no look at all any more: bit n for field number n, below 32. */
  plainFields = 0

  /**
   * Counts the entry that `frames` read last.
   *
   * @returns its payload, when it had to be decoded: always for what can change the membership
   */
  add(frames: FrameReader): Payload | undefined {
    if (frames.large) {
      this.count(TOO_LARGE)
      return undefined
    }
    const { entry } = frames
    const plain = entry.type === ENTRY.normal && entry.dataStart < entry.dataEnd
    const field = plain ? frames.requestField() : -1
    const soFar = this.byField.get(field)
    if (soFar !== undefined) {
      this.byField.set(field, soFar + 1)
      return undefined
    }
    const data = frames.bytes.slice(entry.dataStart, entry.dataEnd)
    const payload = decodePayload(entry.type, data)
    const name = payloadName(payload)
    if (field > 0 && !ALWAYS_DECODED.has(name)) {
      this.names.set(field, name)
      this.byField.set(field, 1)
      if (field < 32) this.plainFields |= 1 << field
    } else this.count(name)
    return payload
  }

  /** Counts entries that were passed without a look, by field number. */
  addPlain(counts: readonly number[]): void {
    for (const [field, count] of this.byField) {
      this.byField.set(field, count + (counts[field] ?? 0))
    }
  }

  /** Counts by name, in alphabetical order. */
  result(): Map<string, number> {
    const all = new Map(this.byName)
    for (const [field, count] of this.byField) {
      const name = this.names.get(field) as string
      all.set(name, (all.get(name) ?? 0) + count)
    }
    return new Map([...all].sort(([a], [b]) => (a < b ? -1 : 1)))
  }

  private count(name: string): void {
    this.byName.set(name, (this.byName.get(name) ?? 0) + 1)
  }
}
