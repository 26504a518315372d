import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { createInterface, type Interface } from 'node:readline'
import { CommandError } from '../errors.ts'
import { ExitCode } from '../exit-codes.ts'

/** What a decoder says of one payload. */
export interface DecoderAnswer {
  readonly status: string
  readonly data: string
}

/**
 * A program that decodes payloads, as etcd-dump-logs' --stream-decoder runs one: it gets a line of
 * hex for each entry and answers a line `STATUS|TEXT`.
 */
export class StreamDecoder {
  private readonly child: ChildProcessWithoutNullStreams
  private readonly lines: AsyncIterator<string>
  private readonly reader: Interface
  private failure: Error | undefined

  /** @param command the program and its arguments, separated by spaces */
  constructor(command: string) {
    const [program = '', ...args] = command.split(/ +/)
    this.child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] }) as never
    this.child.on('error', (error) => {
      this.failure = error
    })
    this.child.stdin.on('error', () => {})
    this.reader = createInterface({ input: this.child.stdout })
    this.lines = this.reader[Symbol.asyncIterator]()
  }

  /** Has one payload decoded. */
  async decode(data: Uint8Array): Promise<DecoderAnswer> {
    this.child.stdin.write(`${Buffer.from(data).toString('hex')}\n`)
    const { value, done } = await this.lines.next()
    if (done) {
      const reason = this.failure?.message ?? 'it ended before it had answered every entry'
      throw new CommandError(ExitCode.unreadable, `the stream decoder failed: ${reason}`)
    }
    const line: string = value
    const at = line.indexOf('|')
    return at < 0
      ? { status: 'ERROR', data: line }
      : { status: line.slice(0, at), data: line.slice(at + 1) }
  }

  close(): void {
    this.child.stdin.end()
    this.reader.close()
  }
}
