import { createHash, type Hash } from 'node:crypto'
import { Worker } from 'node:worker_threads'
import type { Source } from '../io/source.ts'

/** Bytes read at a time: what a processor keeps near. */
const CHUNK = 256 * 1024

/** Below this a thread takes longer to start than the work does. */
const WORTH_A_THREAD = 8 * 1024 * 1024

const DIGEST_BYTES = 32

const STATE = { running: 0, done: 1, failed: 2 } as const

/** A thread that has read nothing for so long has not started, or is gone. */
const PATIENCE_MS = 2000

/**
 * Hashes [0, ends[last]) and leaves the digest of each [0, ends[i]) in `digests`. Plain JavaScript,
 * since it is a thread's whole program, and a bundle is one file.
 */
const PROGRAM = `
const { createHash } = require('node:crypto')
const { readSync } = require('node:fs')
const { workerData: { fd, ends, state, digests } } = require('node:worker_threads')
const hash = createHash('sha256')
const buffer = Buffer.alloc(${CHUNK})
let at = 0
let outcome = ${STATE.done}
try {
  ends.forEach((end, index) => {
    while (at < end) {
      const read = readSync(fd, buffer, 0, Math.min(buffer.length, end - at), at)
      if (read === 0) throw new Error('the file ends early')
      hash.update(read === buffer.length ? buffer : buffer.subarray(0, read))
      at += read
      Atomics.add(state, 1, 1)
    }
    digests.set(hash.copy().digest(), index * ${DIGEST_BYTES})
  })
} catch {
  outcome = ${STATE.failed}
}
Atomics.store(state, 0, outcome)
Atomics.notify(state, 0)
`

/** SHA-256 of the beginnings of a file, computed by a thread of its own while others read it. */
export class Sha256 {
  private readonly source: Source
  private readonly ends: readonly number[]
  /** What has become of the thread, and how often it has read; undefined without one. */
  private readonly state: Int32Array | undefined
  private done = false
  private readonly digests: Uint8Array

  /** @param ends how long the beginnings are: ascending, none longer than the file */
  constructor(source: Source, ends: readonly number[]) {
    this.source = source
    this.ends = ends
    const bytes = ends.length * DIGEST_BYTES
    if (source.fd === undefined || source.size < WORTH_A_THREAD) {
      this.digests = new Uint8Array(bytes)
      return
    }
    const state = new Int32Array(new SharedArrayBuffer(8))
    this.digests = new Uint8Array(new SharedArrayBuffer(bytes))
    if (hasStarted({ fd: source.fd, ends, state, digests: this.digests })) this.state = state
  }

  /**
   * Waits for the digests, in the order of `ends`, in hex.
   *
   * @throws NodeJS.ErrnoException when the file cannot be read
   */
  digestsInHex(): string[] {
    if (!this.done) this.finish()
    return this.ends.map((_, index) =>
      Buffer.from(this.digests.slice(index * DIGEST_BYTES, (index + 1) * DIGEST_BYTES)).toString(
        'hex',
      ),
    )
  }

  private finish(): void {
    if (!this.state || outcomeOf(this.state) !== STATE.done) this.compute()
    this.done = true
  }

  private compute(): void {
    const hash = createHash('sha256')
    const buffer = new Uint8Array(CHUNK)
    let at = 0
    for (const [index, end] of this.ends.entries()) {
      at = this.update(hash, buffer, at, end)
      this.digests.set(hash.copy().digest(), index * DIGEST_BYTES)
    }
  }

  private update(hash: Hash, buffer: Uint8Array, from: number, end: number): number {
    let at = from
    while (at < end) {
      const read = this.source.read(at, buffer.subarray(0, Math.min(CHUNK, end - at)))
      if (read === 0) break
      hash.update(buffer.subarray(0, read))
      at += read
    }
    return at
  }
}

/** A small heap: the thread holds one buffer. */
const LIMITS = { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 2 }

/** Begins the work in a thread; false when the system gives none. */
function hasStarted(workerData: object): boolean {
  // What this process was told to preload could be more than the heap holds.
  const options = { eval: true, workerData, resourceLimits: LIMITS, execArgv: [], env: {} }
  try {
    const worker = new Worker(PROGRAM, options)
    worker.unref()
    worker.on('error', () => {})
    return true
  } catch {
    return false
  }
}

/** Waits as long as the thread goes on; it cannot say so when it dies. */
function outcomeOf(state: Int32Array): number {
  for (let reads = 0; Atomics.wait(state, 0, STATE.running, PATIENCE_MS) === 'timed-out'; ) {
    const now = Atomics.load(state, 1)
    if (now === reads) break
    reads = now
  }
  return Atomics.load(state, 0)
}
