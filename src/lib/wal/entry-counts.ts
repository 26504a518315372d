import { ENTRY } from './entry.ts'
import type { FrameReader } from './frame-reader.ts'
import { decodePayload, type Payload } from './payload.ts'

/** The kind of an entry as reports name it: that of the request it carries, or of the entry itself. */
export function payloadName(payload: Payload): string {
  return payload.kind === 'request' ? payload.name : payload.kind
}

/**
 * Counts entries by what they ask for. Payloads are looked at only as far as it takes to tell; a
 * request's name is decoded the first time its field number turns up.
 */
export class EntryCounts {
  private readonly byName = new Map<string, number>()
  private readonly byField = new Map<number, number>()
  private readonly names = new Map<number, string>()

  /** Counts the entry that `frames` read last. */
  add(frames: FrameReader): void {
    const { entry } = frames
    if (entry.type !== ENTRY.normal || entry.dataStart === entry.dataEnd) {
      this.count(nameOf(frames))
      return
    }
    const field = frames.large ? -1 : frames.requestField()
    const soFar = this.byField.get(field)
    if (soFar !== undefined) {
      this.byField.set(field, soFar + 1)
      return
    }
    const name = nameOf(frames)
    if (field <= 0) {
      this.count(name)
      return
    }
    this.names.set(field, name)
    this.byField.set(field, 1)
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

function nameOf(frames: FrameReader): string {
  if (frames.large) return 'tooLarge'
  const { type, dataStart, dataEnd } = frames.entry
  return payloadName(decodePayload(type, frames.bytes.subarray(dataStart, dataEnd)))
}
