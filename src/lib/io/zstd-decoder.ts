import { ZSTDDecoder } from 'zstddec/stream'

/** What is asked of libzstd's streaming interface. */
interface Exports {
  readonly memory: WebAssembly.Memory
  malloc(bytes: number): number
  ZSTD_createDCtx(): number
  ZSTD_decompressStream(context: number, output: number, input: number): number
  ZSTD_DStreamInSize(): number
  ZSTD_DStreamOutSize(): number
}

/** ZSTD_inBuffer and ZSTD_outBuffer: a pointer, a size and a position, of 32 bits each. */
const BUFFER_BYTES = 12

/** Errors are returned as the highest numbers: ZSTD_isError in error_private.h @ zstd v1.5.7. */
const LARGEST_ERROR = 120

const ERRORS: Readonly<Record<number, string>> = {
  10: 'no frame begins here',
  14: 'the frame asks for what this version does not know',
  16: 'its window is larger than 128 MiB',
  20: 'a block is damaged',
  22: 'the unpacked bytes fail their checksum',
  32: 'it was made with a dictionary',
}

/** Where libzstd stands when it has taken some bytes. */
export interface ZstdStep {
  /** Bytes of the input that were taken. */
  readonly used: number
  /** What came out; to be used before the next step. */
  readonly output: Uint8Array
  /** How much the next step should be given: up to the end of a block; 0 behind a frame. */
  readonly wanted: number
  readonly error?: string
}

let compiled: Promise<WebAssembly.Module> | undefined

/**
 * libzstd in WebAssembly, one for each file, so that its memory goes with it. zstddec's own loop does
 * not look at errors, so that damaged bytes would keep it for ever.
 */
export class ZstdDecoder {
  private readonly library: Exports
  private readonly context: number
  private readonly input: number
  private readonly output: number
  private readonly inputAt: number
  private readonly outputAt: number
  private readonly outputSize: number
  /** The most that a step takes. */
  readonly inputSize: number

  private constructor(library: Exports) {
    this.library = library
    this.context = library.ZSTD_createDCtx()
    this.inputSize = library.ZSTD_DStreamInSize()
    this.outputSize = library.ZSTD_DStreamOutSize()
    this.inputAt = library.malloc(this.inputSize)
    this.outputAt = library.malloc(this.outputSize)
    this.input = library.malloc(BUFFER_BYTES)
    this.output = library.malloc(BUFFER_BYTES)
  }

  static async create(): Promise<ZstdDecoder> {
    compiled ??= compile()
    const { exports } = new WebAssembly.Instance(await compiled, IMPORTS)
    return new ZstdDecoder(exports as Exports)
  }

  /**
   * Takes at most `inputSize` bytes, and gives at most 128 KiB; nothing when it fails. So whoever
   * gives it no more than was wanted loses only the block that is damaged.
   */
  step(bytes: Uint8Array): ZstdStep {
    const { library, context, input, output, inputAt, outputAt, outputSize } = this
    new Uint8Array(library.memory.buffer).set(bytes, inputAt)
    this.setBuffer(input, inputAt, bytes.length)
    this.setBuffer(output, outputAt, outputSize)
    const result = library.ZSTD_decompressStream(context, output, input)
    const code = -result
    const position = new DataView(library.memory.buffer)
    return {
      used: position.getUint32(input + 8, true),
      output: new Uint8Array(library.memory.buffer, outputAt, position.getUint32(output + 8, true)),
      ...(code > 0 && code <= LARGEST_ERROR
        ? { wanted: 0, error: ERRORS[code] ?? `error ${code} of libzstd` }
        : { wanted: result }),
    }
  }

  private setBuffer(at: number, pointer: number, size: number): void {
    const view = new DataView(this.library.memory.buffer)
    view.setUint32(at, pointer, true)
    view.setUint32(at + 4, size, true)
    view.setUint32(at + 8, 0, true)
  }
}

const IMPORTS = { env: { emscripten_notify_memory_growth: () => {} } }

/** Has zstddec compile its module, and keeps it. */
function compile(): Promise<WebAssembly.Module> {
  return new Promise((resolve, reject) => {
    class Compiler extends ZSTDDecoder {
      override _init({ module }: { module: WebAssembly.Module }): void {
        resolve(module)
      }
    }
    new Compiler().init().catch(reject)
  })
}
