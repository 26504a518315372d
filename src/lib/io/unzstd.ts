import type { ByteReader } from './byte-reader.ts'
import type { Unpacking } from './unpacking.ts'
import { ZstdDecoder } from './zstd-decoder.ts'
import { FRAME_HEADER_BYTES, frameHeader, isZstd } from './zstd-frame.ts'

/** As `zstd -d` has it: whoever used --long=31 has to say so to unpack it, too. */
const LARGEST_WINDOW = 128 * 1024 * 1024

/** Enough to tell how long the header of a frame is. */
const FIRST_STEP = 5

/** libzstd asks for the header of the next block together with a block. */
const BLOCK_HEADER_BYTES = 3

/**
 * Unpacks all frames of a zstd file: RFC 8878.
 *
 * Reports FILE_COMPRESSION_DAMAGED and FILE_COMPRESSION_UNSUPPORTED; what came out before is written.
 * Holds the window, which is 8 MiB at most but for `--long` and `--ultra`.
 */
export async function unzstd(reader: ByteReader, to: Unpacking): Promise<void> {
  const decoder = await ZstdDecoder.create()
  while (unpackFrame(reader, decoder, to)) {
    const rest = reader.peek(4)
    if (isZstd(rest)) continue
    if (rest.length > 0) to.trailing(reader.offset)
    return
  }
}

/** @returns whether its end was reached */
function unpackFrame(reader: ByteReader, decoder: ZstdDecoder, to: Unpacking): boolean {
  const header = frameHeader(reader.peek(FRAME_HEADER_BYTES))
  if (header && header.window > LARGEST_WINDOW) {
    to.unsupported(
      `its zstd window of ${header.window} bytes is more than 128 MiB: unpack it with zstd -d --long=31`,
    )
    return false
  }
  if (header?.contentSize) to.spool.expect(header.contentSize)
  for (let wanted = FIRST_STEP; wanted > 0; ) {
    // Without that header, so that its damage does not cost the block before it.
    const block = wanted > BLOCK_HEADER_BYTES ? wanted - BLOCK_HEADER_BYTES : wanted
    const bytes = reader.peek(Math.min(block, decoder.inputSize))
    if (bytes.length === 0) {
      to.damaged(reader.offset, { message: 'the zstd data breaks off' })
      return false
    }
    const { used, output, error, ...step } = decoder.step(bytes)
    if (error !== undefined) {
      to.damaged(reader.offset, { message: `the zstd data is damaged: ${error}` })
      return false
    }
    reader.skip(used)
    to.spool.write(output)
    wanted = step.wanted
  }
  return true
}
