/** Files compressed by the programs that people compress them with. */
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { tempDir } from './temp-dir.ts'

/** Why tests that need a program are skipped; false where it is installed. */
export function lacking(program: 'zstd' | 'zip'): string | false {
  const { error } = spawnSync(program, ['--version'])
  return error === undefined ? false : `${program} is not installed`
}

/** Writes bytes under a name, and packs them; returns the path of what the program made of them. */
export function pack(
  program: 'gzip' | 'zstd' | 'zip',
  name: string,
  bytes: Uint8Array,
  options: readonly string[] = [],
): string {
  const path = join(tempDir(), name)
  writeFileSync(path, bytes)
  if (program === 'zip') return zip([path], options)
  run(program, [...options, '-q', '-k', path], dirname(path))
  return `${path}.${program === 'zstd' ? 'zst' : 'gz'}`
}

/** Zips files of one directory, by their names in it. */
export function zip(paths: readonly string[], options: readonly string[] = []): string {
  const [first = ''] = paths
  const names = paths.map((path) => path.slice(dirname(first).length + 1))
  run('zip', [...options, '-q', 'packed.zip', ...names], dirname(first))
  return join(dirname(first), 'packed.zip')
}

/** As Go's archive/zip writes it, and so k3s: to a stream, with checksum and sizes behind the data. */
export function streamedZip(name: string, bytes: Uint8Array): string {
  const path = join(tempDir(), name)
  writeFileSync(path, bytes)
  const { stdout } = run('zip', ['-q', '-', name], dirname(path))
  writeFileSync(`${path}.zip`, stdout)
  return `${path}.zip`
}

/** Without a program: its bytes. */
export function gzipped(bytes: Uint8Array): Buffer {
  return gzipSync(bytes)
}

/** A frame of zstd with stored blocks only, as RFC 8878 has it: magic, header, blocks. */
export function storedZstd(bytes: Uint8Array): Buffer {
  const blocks: Uint8Array[] = []
  for (let at = 0; at < bytes.length; at += 1024) {
    const block = bytes.subarray(at, at + 1024)
    const isLast = at + 1024 >= bytes.length
    const header = Buffer.alloc(3)
    header.writeUIntLE((block.length << 3) | (isLast ? 1 : 0), 0, 3)
    blocks.push(header, block)
  }
  // No content size, no checksum, a window of 1 KiB.
  return Buffer.concat([Buffer.from('28b52ffd0000', 'hex'), ...blocks])
}

/** What a file holds, with a byte changed at each offset; from the end when negative. */
export function spoilt(path: string, ...offsets: readonly number[]): Buffer {
  const bytes = readFileSync(path)
  for (const offset of offsets) {
    const at = offset < 0 ? bytes.length + offset : offset
    bytes[at] = (bytes[at] as number) ^ 0xff
  }
  return bytes
}

function run(program: string, args: readonly string[], cwd: string): { stdout: Buffer } {
  const { status, stdout, stderr } = spawnSync(program, args, { cwd, maxBuffer: 1024 ** 3 })
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${stderr}`)
  return { stdout }
}
