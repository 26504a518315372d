import { Command } from '@oclif/core/command'
import { boolean, option } from '@oclif/core/flags'
import type { Input, ParserOutput } from '@oclif/core/interfaces'
import { loadWriter, type WriteDocument } from './document.ts'
import { UsageError } from './errors.ts'
import { ExitCode, type ExitCodeHelp, worst } from './exit-codes.ts'
import { toFailure } from './failure.ts'
import { Out } from './out.ts'

const outputFormats = ['table', 'json', 'ndjson', 'yaml'] as const

type Values = Record<string, unknown>

/** How a command shows its result. */
export type OutputFormat = (typeof outputFormats)[number]

/**
 * What all commands share: the output flags, standard output, the exit code.
 *
 * `run` either writes to `this.out` itself (a table, NDJSON line by line) or returns the body of
 * the command's document, which is printed when `format` is json or yaml.
 */
export abstract class Base extends Command {
  static override baseFlags = {
    json: boolean({ summary: 'Same as --output json.', helpGroup: 'output' }),
    output: option({
      char: 'o',
      summary: 'How to show the result.',
      options: outputFormats,
      helpGroup: 'output',
    })(),
  }

  /** What the exit codes mean here, for the help; the common ones need no mention. */
  static readonly exitCodes: ExitCodeHelp = {}

  /** Standard output, for data; everything else goes to standard error. */
  protected readonly out = new Out()

  /** Known once `parse` has run. */
  protected format: OutputFormat = 'table'

  /** Present when a whole document is wanted: JSON or YAML. */
  #writeDocument: WriteDocument | undefined

  /** Makes the command end with `code`, unless something worse was raised. */
  protected raise(code: ExitCode): void {
    process.exitCode = worst((process.exitCode ?? ExitCode.ok) as ExitCode, code)
  }

  /** What every JSON document, and the header line of NDJSON, starts with. */
  protected envelope(): { schema: string; kind: string; tool: { version: string } } {
    const kind = this.ctor.id.split(':').at(-1) as string
    return { schema: 'etcdsnap/v1', kind, tool: { version: this.config.version } }
  }

  protected override async parse<F extends Values, B extends Values, A extends Values>(
    options?: Input<F, B, A>,
    argv?: string[],
  ): Promise<ParserOutput<F, B, A>> {
    const parsed = await super.parse(options, argv)
    const { json, output }: { json: boolean | undefined; output?: OutputFormat } = parsed.flags
    if (json && output !== undefined && output !== 'json') {
      throw new UsageError(`--json contradicts --output ${output}`)
    }
    this.format = json ? 'json' : (output ?? 'table')
    if (this.format === 'json' || this.format === 'yaml') {
      this.#writeDocument = await loadWriter(this.format)
    }
    return parsed
  }

  /** Whether oclif hands what `run` returns to `logJson`. */
  override jsonEnabled(): boolean {
    return this.#writeDocument !== undefined
  }

  protected override logJson(body: object): void {
    const document = { ...this.envelope(), ...body }
    this.#writeDocument?.(document, (text) => this.out.write(text))
    this.out.flush()
  }

  protected override async catch(error: Error): Promise<never> {
    const failure = toFailure(error)
    if (failure.exitCode !== ExitCode.usage) {
      if (this.format === 'ndjson') this.out.line(JSON.stringify({ type: 'error', error: failure }))
      else this.logJson({ error: failure })
    }
    throw error
  }

  protected override async finally(): Promise<void> {
    this.out.flush()
  }
}
