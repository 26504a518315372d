import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { CommandError } from '../errors.ts'
import { ExitCode } from '../exit-codes.ts'

/** What a decoder says of one payload. */
export interface DecoderAnswer {
  readonly status: string
  readonly data: string
}

/** Payloads that may be unanswered at a time: a decoder that buffers its output answers late. */
const MOST_PENDING = 10_000

/**
 * A program that decodes payloads, as etcd-dump-logs' --stream-decoder runs one: it gets a line of
 * hex for each entry and answers with a line `STATUS|TEXT`.
 */
export class StreamDecoder {
  private readonly child: ChildProcessByStdio<Writable, Readable, null>
  private readonly ended: Promise<unknown>
  private readonly pending: ((answer: DecoderAnswer) => void)[] = []
  private failure: Error | undefined
  private answered: (() => void) | undefined

  /** @param command the program and its arguments, separated by spaces */
  constructor(command: string) {
    const [program = '', ...args] = command.trim().split(/ +/)
    this.child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] })
    this.child.on('error', (error) => {
      this.failure = error
    })
    // A decoder that ends early closes its input: noticed when its answers are missed.
    this.child.stdin.on('error', () => {})
    const lines = createInterface({ input: this.child.stdout })
    lines.on('line', (line) => this.answer(line))
    this.ended = once(lines, 'close').then(() => this.answered?.())
  }

  /** Has a payload decoded; `use` is called with the answer, in the order of the asking. */
  async decode(data: Uint8Array, use: (answer: DecoderAnswer) => void): Promise<void> {
    this.pending.push(use)
    this.child.stdin.write(`${Buffer.from(data).toString('hex')}\n`)
    if (this.pending.length < MOST_PENDING) return
    await Promise.race([this.ended, new Promise<void>((resolve) => (this.answered = resolve))])
    if (this.pending.length >= MOST_PENDING) throw this.failed()
  }

  /** Waits for the answers that are missing. */
  async finish(): Promise<void> {
    this.child.stdin.end()
    await this.ended
    if (this.pending.length > 0) throw this.failed()
  }

  private answer(line: string): void {
    const at = line.indexOf('|')
    const status = at < 0 ? 'ERROR' : line.slice(0, at)
    this.pending.shift()?.({ status, data: line.slice(at + 1) })
    this.answered?.()
  }

  private failed(): CommandError {
    const reason = this.failure?.message ?? `it left ${this.pending.length} entries unanswered`
    return new CommandError(ExitCode.unreadable, `the stream decoder failed: ${reason}`)
  }
}
