import type { FindingId } from '../findings/catalogue.ts'
import type { Details } from '../findings/finding.ts'
import type { Findings } from '../findings/findings.ts'
import { zerosReadTo } from '../io/zeros.ts'
import type { ChainState, Fault } from './chain.ts'
import { ALIGNMENT, LENGTH_BYTES } from './frame.ts'
import type { FrameOutcome, FrameReader } from './frame-reader.ts'
import { RECORD, type RecordName, recordName } from './record.ts'
import { continues, FrameSearch } from './resync.ts'
import type { SegmentScan } from './segment-scan.ts'
import { isTorn } from './torn.ts'

const FAULT_FINDING: Record<Fault, FindingId> = {
  type: 'WAL_RECORD_TYPE_UNKNOWN',
  chain: 'WAL_CHAIN_BROKEN',
  crc: 'WAL_CRC_MISMATCH',
}

const FAULT_MESSAGE: Record<Fault, string> = {
  type: 'has a type that no etcd knows',
  chain: 'does not continue the checksum of the records before it',
  crc: 'fails its checksum',
}

/** What a damaged place costs, in bytes that are read again: tens of thousands are enough. */
const PER_PLACE = 16 * 1024

/** Tells kinds of damage in a segment apart, reports them, and finds where to go on. */
export class SegmentDamage {
  private readonly isLast: boolean
  private readonly frames: FrameReader
  private readonly chain: ChainState
  private readonly findings: Findings
  private readonly scan: SegmentScan
  private readonly search: FrameSearch

  constructor(
    isLast: boolean,
    frames: FrameReader,
    chain: ChainState,
    findings: Findings,
    scan: SegmentScan,
  ) {
    this.isLast = isLast
    this.frames = frames
    this.chain = chain
    this.findings = findings
    this.scan = scan
    this.search = new FrameSearch(frames.source)
  }

  /**
   * Reports what stands at the reader's offset, unless it is the regular end of the segment.
   *
   * @param nonZero behind a length of zero, where the first byte that is not zero stands
   * @returns the offset where valid frames resume, or undefined when none do
   */
  passBy(
    outcome: FrameOutcome,
    fault: Fault | undefined,
    record: number,
    nonZero: number | undefined,
  ): number | undefined {
    if (outcome === 'end') return undefined
    const { offset } = this.frames
    this.search.spend(PER_PLACE)
    const resumed = this.passDamage(outcome, fault, record, nonZero)
    if (!this.search.givenUp) return resumed
    this.notReadOn(offset, record, 'damage without end')
    return undefined
  }

  private passDamage(
    outcome: FrameOutcome,
    fault: Fault | undefined,
    record: number,
    nonZero: number | undefined,
  ): number | undefined {
    if (outcome === 'zero') return this.passZero(record, nonZero)
    return fault === undefined ? this.passBroken(outcome, record) : this.passFault(fault, record)
  }

  /** Checks the type of one of the first two records, which no checksum covers. */
  checkHead(record: 0 | 1): void {
    const { offset, next, type } = this.frames
    const expected = record === 0 ? RECORD.crc : RECORD.metadata
    if (type === expected) return
    this.report('WAL_SEGMENT_HEAD', offset, next - offset, record, {
      message: `record ${record} of the segment is of another type than in every segment of etcd's`,
      expected: recordName(expected) as RecordName,
      found: recordName(type) as RecordName,
    })
  }

  /** Padding is outside every checksum; etcd writes zeros there and never looks. */
  checkPadding(record: number): void {
    const { frames } = this
    const stray = frames.strayPadding()
    if (stray < 0) return
    const { padding } = frames
    this.report('WAL_PADDING', frames.next - padding, padding, record, {
      message: `the padding behind the record at offset ${frames.offset} is not zero`,
      expected: '0',
      found: String(frames.bytes[stray]),
    })
  }

  /** A length of zero: the end of the log, unless something stands behind it. */
  private passZero(record: number, nonZero: number | undefined): number | undefined {
    const { source, offset } = this.frames
    if (nonZero === undefined) {
      if (this.scan.tail === 'clean') this.scan.tail = 'zeros'
      const end = zerosReadTo(source, offset)
      if (end < source.size) this.notReadOn(end, record, `${end - offset} bytes of zeros`)
      return undefined
    }
    const resumed = this.searchBehind(offset)
    const details = {
      message: `the log ends in zeros at offset ${offset}, but bytes follow from ${nonZero} on`,
      expected: 'zeros to the end of the file',
      found: `other bytes at offset ${nonZero}`,
    }
    if (this.isTail(resumed)) this.torn(offset, source.size, record, details)
    else this.corrupt('WAL_ZERO_LENGTH', offset, resumed ?? source.size, record, details)
    this.chain.trusting = true
    return resumed
  }

  /** A record that decodes, with a type or checksum that is wrong. */
  private passFault(fault: Fault, record: number): number | undefined {
    const { frames, chain } = this
    const { offset, next, source, type, crc: stored } = frames
    const computed = fault === 'crc' ? frames.dataCrc(chain.run) : chain.run
    const torn = fault === 'crc' && this.isTornUpTo(offset, next)
    const seed = this.seedAt(next, stored, computed)
    const resumed = seed === undefined ? this.searchAgain(offset, next) : next
    const details = {
      message: `the record at offset ${offset} ${FAULT_MESSAGE[fault]}`,
      // What is stored is what was written: etcd names the two in the same way.
      expected: fault === 'type' ? 'a type from 1 to 5' : crcText(stored),
      found: fault === 'type' ? `type ${type}` : crcText(computed),
    }
    if (torn && this.isTail(resumed)) this.torn(offset, source.size, record, details)
    else this.corrupt(FAULT_FINDING[fault], offset, next, record, details)
    chain.run = seed ?? 0
    chain.trusting = seed === undefined
    return resumed
  }

  /** No record at all: the file ends in it, its length is impossible, or its bytes are no record. */
  private passBroken(outcome: FrameOutcome, record: number): number | undefined {
    const { frames, chain } = this
    const { source, offset, next } = frames
    const undecodable = outcome === 'undecodable'
    const torn = !undecodable || this.isTornUpTo(offset, next)
    const details = this.describeBroken(outcome)
    const resumed = this.searchAgain(offset, undecodable ? next : offset)
    const id = undecodable ? 'WAL_RECORD_UNDECODABLE' : 'WAL_LENGTH_OUT_OF_RANGE'
    if (torn && this.isTail(resumed)) this.torn(offset, source.size, record, details)
    else this.corrupt(id, offset, resumed ?? source.size, record, details)
    chain.trusting = true
    return resumed
  }

  private describeBroken(outcome: FrameOutcome): Details {
    const { source, offset, next } = this.frames
    const left = source.size - offset
    if (outcome === 'undecodable') {
      return {
        message: `the record at offset ${offset} is not valid protobuf`,
        expected: 'walpb.Record {type, crc, data}',
        found: `${next - offset - LENGTH_BYTES} bytes that do not decode`,
      }
    }
    const wanted = outcome === 'short' ? LENGTH_BYTES : next - offset
    return {
      message: `the record at offset ${offset} runs past the end of the file`,
      expected: `${wanted} bytes`,
      found: `${left} bytes`,
    }
  }

  /** Searches what a damaged record claims, though it was read before, up to `readTo`. */
  private searchAgain(offset: number, readTo: number): number | undefined {
    this.search.spend(readTo - offset)
    return this.searchBehind(offset)
  }

  /**
   * Searches behind a length field. One that is out of place follows a frame whose padding is
   * damaged: the frame that belongs there began up to 7 bytes before.
   */
  private searchBehind(offset: number): number | undefined {
    const outOfPlace = offset % ALIGNMENT
    return this.search.find(outOfPlace === 0 ? offset + LENGTH_BYTES : offset - outOfPlace)
  }

  /** Whether nothing follows, as far as is known. */
  private isTail(resumed: number | undefined): boolean {
    return resumed === undefined && !this.search.givenUp
  }

  private notReadOn(offset: number, record: number, found: string): void {
    this.report('WAL_NOT_READ_ON', offset, this.frames.source.size - offset, record, {
      message: `what follows offset ${offset} was not searched to its end`,
      found,
    })
  }

  private isTornUpTo(offset: number, next: number): boolean {
    const start = offset + LENGTH_BYTES
    return isTorn(this.frames.source, start, next - start)
  }

  /** The checksum from which the record at `next` goes on, when the stored or the computed one fits. */
  private seedAt(next: number, stored: number, computed: number): number | undefined {
    const { frames } = this
    if (frames.readAt(next) !== 'record') return undefined
    this.search.spend(frames.next - next)
    return [stored, computed].find((seed) => continues(frames, seed))
  }

  private torn(offset: number, end: number, record: number, details: Details): void {
    if (!this.isLast) {
      this.corrupt('WAL_TORN_SEGMENT', offset, end, record, details)
      return
    }
    if (this.scan.tail === 'clean') this.scan.tail = 'torn'
    this.report('WAL_TORN_TAIL', offset, end - offset, record, details)
  }

  private corrupt(
    id: FindingId,
    offset: number,
    end: number,
    record: number,
    details: Details,
  ): void {
    this.scan.tail = 'corrupt'
    this.chain.damaged = true
    this.report(id, offset, Math.max(0, end - offset), record, details)
  }

  private report(
    id: FindingId,
    offset: number,
    bytes: number,
    record: number,
    details: Details,
  ): void {
    const { path, seq } = this.scan.file
    const segment = seq === undefined ? {} : { segment: seq }
    this.findings.report(id, { path, offset, bytes, record, ...segment }, details)
  }
}

function crcText(crc: number): string {
  return crc.toString(16).padStart(8, '0')
}
