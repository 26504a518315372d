import { isGzip } from './gunzip.ts'
import type { Source } from './source.ts'
import { isZip } from './zip-local.ts'
import { isZstd } from './zstd-frame.ts'

/** What is unpacked. */
export type Compression = 'gzip' | 'zstd' | 'zip'

/** Enough of a file to tell how it is packed. */
export const HEAD_BYTES = 512

const EXTENSIONS: Readonly<Record<Compression, RegExp>> = {
  gzip: /\.t?gz$/i,
  zstd: /\.t?zstd?$/i,
  zip: /\.zip$/i,
}

/** What others pack with: the first bytes, and where they stand. */
const FOREIGN: readonly { readonly name: string; readonly magic: Buffer; readonly at: number }[] = [
  { name: 'xz', magic: Buffer.from('fd377a585a00', 'hex'), at: 0 },
  { name: 'bzip2', magic: Buffer.from('BZh'), at: 0 },
  { name: 'lz4', magic: Buffer.from('04224d18', 'hex'), at: 0 },
  { name: '7-Zip', magic: Buffer.from('377abcaf271c', 'hex'), at: 0 },
  { name: 'tar', magic: Buffer.from('ustar'), at: 257 },
]

/** The bytes from which `compressionOf` tells. */
export function headOf(source: Source): Buffer {
  const head = Buffer.alloc(HEAD_BYTES)
  return head.subarray(0, source.read(0, head))
}

/** Tells from its first bytes how a file is packed; undefined when it is not. */
export function compressionOf(head: Buffer): Compression | undefined {
  if (isGzip(head)) return 'gzip'
  if (isZstd(head)) return 'zstd'
  return isZip(head) ? 'zip' : undefined
}

/** The name of what packed a file in a way that is not read here. */
export function foreignCompressionOf(source: Source): string | undefined {
  const head = headOf(source)
  const found = FOREIGN.find(({ magic, at }) => head.subarray(at, at + magic.length).equals(magic))
  return found?.name
}

/** How a file is packed according to its name. */
export function compressionNamed(fileName: string): Compression | undefined {
  const kinds = Object.keys(EXTENSIONS) as Compression[]
  return kinds.find((kind) => EXTENSIONS[kind].test(fileName))
}

/** A file's name without what compression added to it. */
export function unpackedName(fileName: string): string {
  const kind = compressionNamed(fileName)
  return kind === undefined ? fileName : fileName.replace(EXTENSIONS[kind], '')
}
