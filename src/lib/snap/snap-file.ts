import { crc32c } from '../checksum/crc32c.ts'
import type { FindingId } from '../findings/catalogue.ts'
import type { Details } from '../findings/finding.ts'
import type { Findings } from '../findings/findings.ts'
import { fileNameOf, type Source } from '../io/source.ts'
import { Window } from '../io/window.ts'
import { type ConfState, confStateOf } from '../proto/conf-state.ts'
import { Cursor, WIRE } from '../proto/cursor.ts'
import { decode } from '../proto/decode.ts'
import { raftpb } from '../proto/generated/etcd.js'
import { parseJson } from '../proto/json.ts'
import { type Uint64, uint64FromLong } from '../proto/uint64.ts'
import { parseSnapName } from './file-name.ts'
import { readV2Store, type V2Store } from './v2-store.ts'

/** A v2 store above this is not decoded, since JSON takes many times its size; usual are 10 KiB. */
const LARGEST_STORE = 4 * 1024 * 1024

/** Longer than any ConfState: 11 bytes a member. */
const LARGEST_METADATA = 64 * 1024

/** No protobuf message is larger, in any language: nobody could have written such a snapshot. */
const LARGEST_SNAPSHOT = 0x7fff_ffff

/** The bytes at the front of a file that hold tag, crc, tag and length. */
const HEAD_BYTES = 32

/** A raft snapshot, as far as its file could be read. */
export interface SnapFile {
  readonly path: string
  readonly bytes: number
  readonly term?: Uint64
  readonly index?: Uint64
  readonly confState?: ConfState
  readonly crc?: { readonly stored: number; readonly computed: number; readonly ok: boolean }
  /** What the name claims, and whether it is so. */
  readonly fileName?: { readonly term: Uint64; readonly index: Uint64; readonly ok: boolean }
  readonly data?: { readonly format: 'v2store' | 'empty' | 'unknown'; readonly bytes: number }
  readonly store?: V2Store
  /** Whether etcd up to 3.6 would load it. */
  readonly loadable: boolean
}

/**
 * Whether a file looks like a `.snap`: tag and crc, tag and a length that leads to the end or, in a
 * file that was cut or grew, to anywhere behind a field 1 that is itself length-delimited.
 */
export function isSnapFile(source: Source): boolean {
  const head = new Uint8Array(HEAD_BYTES)
  const cursor = new Cursor()
  cursor.reset(head, 0, source.read(0, head))
  const hasCrc = cursor.next() && cursor.field === 1 && cursor.wire === WIRE.varint
  if (!hasCrc || cursor.uint64() > 0xffff_ffff) return false
  if (!cursor.next() || cursor.field !== 2 || cursor.wire !== WIRE.bytes) return false
  const length = cursor.uint64()
  const start = cursor.position
  if (length === source.size - start) return true
  return cursor.next() && cursor.field <= 2 && cursor.wire === WIRE.bytes
}

/** A range of a file. */
interface Range {
  readonly start: number
  readonly end: number
}

/**
 * Reads a `.snap` file:
 *
 *     snappb.Snapshot { crc = 1: CRC-32C of data, data = 2: raftpb.Snapshot }
 *     raftpb.Snapshot { data = 1: the v2 store as JSON, metadata = 2: ConfState, index, term }
 *
 * Damage is reported, and what can still be read is returned. Nothing larger than the v2 store is
 * ever held. Source: Read in server/etcdserver/api/snap/snapshotter.go @ v3.5.33, the same 3.3 to 3.8.
 */
export function readSnapFile(source: Source, findings: Findings): SnapFile {
  return new SnapReader(source, findings).read()
}

class SnapReader {
  private readonly source: Source
  private readonly findings: Findings
  private readonly window: Window
  private readonly cursor = new Cursor()

  constructor(source: Source, findings: Findings) {
    this.source = source
    this.findings = findings
    this.window = new Window(source)
  }

  read(): SnapFile {
    const { source } = this
    const base = { path: source.name, bytes: source.size, loadable: false }
    const outer = this.readOuter()
    if (outer === undefined) return base
    const computed = this.crcOf(outer.inner)
    const crc = { stored: outer.crc, computed, ok: outer.crc === computed && outer.crc !== 0 }
    this.checkCrc(outer.crc, computed, outer.inner)
    const inner = this.readInner(outer.inner)
    if (inner === undefined) return { ...base, crc }
    const metadata = this.readMetadata(inner.metadata)
    if (metadata === undefined) return { ...base, crc }
    return {
      ...base,
      ...metadata,
      crc,
      ...this.checkName(metadata.term, metadata.index),
      ...this.readData(inner.data),
      loadable: crc.ok,
    }
  }

  /** Field 1 and 2 of the outer message, in any order, passing by whatever else there is. */
  private readOuter(): { crc: number; inner: Range } | undefined {
    let crc = 0
    let inner: Range = { start: this.source.size, end: this.source.size }
    const ok = this.eachField({ start: 0, end: this.source.size }, (field, wire, value, range) => {
      if (field === 1 && wire === WIRE.varint) crc = value
      else if (field === 2 && wire === WIRE.bytes) inner = range
      else if (field <= 2) return false
      return true
    })
    if (!ok) return undefined
    const bytes = inner.end - inner.start
    if (bytes <= LARGEST_SNAPSHOT) return { crc, inner }
    this.undecodable(inner.start, `at most ${LARGEST_SNAPSHOT} bytes`, `${bytes} bytes`)
    return undefined
  }

  private readInner(inner: Range): { data: Range; metadata: Range } | undefined {
    let data: Range = { start: inner.start, end: inner.start }
    let metadata = data
    const ok = this.eachField(inner, (field, wire, _, range) => {
      if (field <= 2 && wire !== WIRE.bytes) return false
      if (field === 1) data = range
      else if (field === 2) metadata = range
      return true
    })
    return ok ? { data, metadata } : undefined
  }

  private readMetadata(range: Range): Pick<SnapFile, 'term' | 'index' | 'confState'> | undefined {
    const length = range.end - range.start
    const bytes = length <= LARGEST_METADATA ? this.bytesOf(range) : undefined
    const decoded = bytes && decode(raftpb.SnapshotMetadata, bytes)
    if (!decoded?.ok) {
      const at = range.start + (decoded ? decoded.at : 0)
      this.undecodable(at, 'raftpb.SnapshotMetadata', decoded?.reason ?? `${length} bytes`)
      return undefined
    }
    if (decoded.unknownFields.length > 0) {
      const numbers = decoded.unknownFields.map(({ path, number }) => `${path}#${number}`)
      this.report('SNAP_UNKNOWN_FIELDS', range, {
        message: `the metadata has fields this build does not know: ${numbers.join(', ')}`,
      })
    }
    const { conf_state, index, term } = decoded.message
    return {
      term: uint64FromLong(term),
      index: uint64FromLong(index),
      confState: confStateOf(conf_state ?? {}),
    }
  }

  private readData(range: Range): Pick<SnapFile, 'data' | 'store'> {
    const bytes = range.end - range.start
    if (bytes === 0) return { data: { format: 'empty', bytes } }
    if (bytes > LARGEST_STORE) {
      this.report('SNAP_DATA_NOT_SHOWN', range, {
        message: `the v2 store of ${bytes} bytes was not decoded`,
      })
      return { data: { format: 'unknown', bytes } }
    }
    const json = parseJson(this.bytesOf(range))
    const store = json.ok ? readV2Store(json.value) : undefined
    if (store === undefined) {
      this.report('SNAP_DATA_UNDECODABLE', range, {
        message: 'the v2 store in the snapshot does not decode',
        expected: 'JSON of a v2 store',
        found: json.ok ? 'JSON of another shape' : `${json.reason} at byte ${json.at}`,
      })
      return { data: { format: 'unknown', bytes } }
    }
    if (store.userKeys.length > 0) {
      this.report('SNAP_V2_KEYS', range, {
        message: `the v2 store holds ${store.userKeys.length} keys of users`,
        found: store.userKeys.slice(0, 3).join(' '),
      })
    }
    return { data: { format: 'v2store', bytes }, store }
  }

  private checkCrc(stored: number, computed: number, inner: Range): void {
    if (stored === 0 || inner.start === inner.end) {
      this.report('SNAP_CRC_MISSING', inner, {
        message: stored === 0 ? 'the stored CRC is zero or absent' : 'the snapshot is empty',
        expected: hex8(computed),
        found: hex8(stored),
      })
    } else if (stored !== computed) {
      this.report('SNAP_CRC_MISMATCH', inner, {
        message: 'the snapshot fails its checksum',
        expected: hex8(stored),
        found: hex8(computed),
      })
    }
  }

  private checkName(
    term: Uint64 | undefined,
    index: Uint64 | undefined,
  ): Pick<SnapFile, 'fileName'> {
    const named = parseSnapName(fileNameOf(this.source))
    if (named === undefined) return {}
    const ok = named.term === term && named.index === index
    if (!ok) {
      this.report('SNAP_NAME_MISMATCH', undefined, {
        message: 'the name tells another term or index than the content',
        expected: `term ${named.term}, index ${named.index}`,
        found: `term ${term}, index ${index}`,
      })
    }
    return { fileName: { ...named, ok } }
  }

  /**
   * Calls `take` for every field of the message in `range`, of which only tags and lengths are read.
   * False, and a finding, when it is not valid protobuf.
   */
  private eachField(
    range: Range,
    take: (field: number, wire: number, value: number, range: Range) => boolean,
  ): boolean {
    const { cursor, window } = this
    for (let at = range.start; at < range.end; ) {
      const head = Math.min(HEAD_BYTES, range.end - at)
      const position = window.locate(at, head)
      cursor.reset(window.bytes, position, position + head)
      if (position < 0 || !cursor.next()) return this.undecodable(at, 'a field', 'a broken tag')
      const { field, wire } = cursor
      let content: Range = { start: at, end: at }
      let value = 0
      if (wire === WIRE.bytes) {
        const length = cursor.uint64()
        const start = at + cursor.position - position
        if (cursor.ok && length > range.end - start) {
          return this.undecodable(at, `${length} bytes`, `${range.end - start} bytes`)
        }
        content = { start, end: start + Number(length) }
      } else if (wire === WIRE.varint) value = cursor.uint32()
      else cursor.skip()
      if (!cursor.ok || !take(field, wire, value, content)) {
        return this.undecodable(at, 'protobuf', `field ${field} of wire type ${wire}`)
      }
      at = wire === WIRE.bytes ? content.end : at + cursor.position - position
    }
    return true
  }

  private crcOf({ start, end }: Range): number {
    const { window } = this
    let crc = 0
    for (let at = start; at < end; ) {
      const length = Math.min(window.capacity, end - at)
      const position = window.locate(at, length)
      if (position < 0) break
      crc = crc32c(window.bytes, crc, position, position + length)
      at += length
    }
    return crc
  }

  private bytesOf({ start, end }: Range): Uint8Array {
    const bytes = new Uint8Array(end - start)
    this.source.read(start, bytes)
    return bytes
  }

  private undecodable(offset: number, expected: string, found: string): false {
    this.findings.report(
      'SNAP_UNDECODABLE',
      { path: this.source.name, offset },
      {
        message: `the file is not a raft snapshot from offset ${offset} on`,
        expected,
        found,
      },
    )
    return false
  }

  private report(id: FindingId, range: Range | undefined, details: Details): void {
    const place = range ? { offset: range.start, bytes: range.end - range.start } : {}
    this.findings.report(id, { path: this.source.name, ...place }, details)
  }
}

function hex8(crc: number): string {
  return crc.toString(16).padStart(8, '0')
}
