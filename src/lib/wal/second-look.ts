import { firstNonZero } from '../io/zeros.ts'
import type { FrameOutcome, FrameReader } from './frame-reader.ts'

/** Looks at one place, and at all places of a segment. */
const AT_A_PLACE = 10
const IN_ALL = 500

/** Between two looks at a file that changes: longer than a write of etcd's takes. */
const PAUSE_MS = 2

/**
 * Looks again at what seems to be damage: a running etcd may have written the place after our buffer
 * was filled, or be in the middle of it.
 */
export class SecondLook {
  /** Of the zeros looked at last: where they end, undefined when they go on to the end. */
  nonZero: number | undefined
  private readonly frames: FrameReader
  private place = -1
  private looks = 0
  private left = IN_ALL

  constructor(frames: FrameReader) {
    this.frames = frames
  }

  /**
   * Whether the reader's place should be read again; if so the reader will do that next.
   *
   * @param outcome of the place, where no valid record stands
   */
  isWorthwhile(outcome: FrameOutcome): boolean {
    const { frames } = this
    const { source, offset } = frames
    if (outcome === 'end') return false
    if (outcome === 'zero') {
      this.nonZero = firstNonZero(source, offset)
      if (this.nonZero === undefined) return false
    }
    const isFirst = offset !== this.place
    this.looks = isFirst ? 1 : this.looks + 1
    this.place = offset
    this.left -= 1
    if (this.left < 0 || this.looks > AT_A_PLACE) return false
    if (!isFirst && !source.changed?.()) return false
    if (!isFirst) pause()
    frames.readAfresh()
    return true
  }
}

function pause(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS)
}
