/**
 * Generates the protobuf codecs: proto/*.proto → src/lib/proto/generated/etcd.{js,d.ts}.
 * Does nothing when the output is newer than every .proto file.
 */
import { existsSync, mkdirSync, readdirSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const root = fileURLToPath(new URL('..', import.meta.url))
process.chdir(root)

const output = join('src', 'lib', 'proto', 'generated', 'etcd.js')
const types = output.replace(/\.js$/, '.d.ts')
const sources = protoFiles('proto')

if (sources.length > 0 && !isFresh()) await generate()

/** Every .proto by name: pbjs --sparse drops messages of files that are not named. */
function protoFiles(directory: string): string[] {
  if (!existsSync(directory)) return []
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.proto'))
    .map((name) => join(directory, name))
    .sort()
}

function isFresh(): boolean {
  if (!existsSync(output) || !existsSync(types)) return false
  const inputs = [...sources, 'proto', fileURLToPath(import.meta.url), 'package-lock.json']
  const newest = Math.max(...inputs.map((path) => statSync(path).mtimeMs))
  return Math.min(statSync(output).mtimeMs, statSync(types).mtimeMs) >= newest
}

/** Static ESM codecs, encode and decode only; field names as etcd spells them. */
async function generate(): Promise<void> {
  const { default: pbjs } = await import('protobufjs-cli/pbjs.js')
  mkdirSync(dirname(output), { recursive: true })
  const shape = ['-t', 'static-module', '-w', 'esm', '--keep-case', '--sparse', '--dts']
  const leaveOut = ['create', 'verify', 'convert', 'delimited', 'typeurl', 'service']
  const args = [...shape, ...leaveOut.map((part) => `--no-${part}`), '-p', 'proto', '-o', output]
  await promisify(pbjs.main)([...args, ...sources])
}
