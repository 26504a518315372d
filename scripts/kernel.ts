/**
 * Compiles the WAL kernel: src/lib/wal/kernel/*.ts (AssemblyScript) → src/lib/wal/generated/kernel.js,
 * which holds the WebAssembly as text, so that a bundle needs no second file.
 * Does nothing when the output is newer than every source.
 */
import { execFileSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

process.chdir(fileURLToPath(new URL('..', import.meta.url)))

const folder = join('src', 'lib', 'wal', 'kernel')
const output = join('src', 'lib', 'wal', 'generated', 'kernel.js')
const types = output.replace(/\.js$/, '.d.ts')

if (!isFresh()) compile()

function isFresh(): boolean {
  if (!existsSync(output) || !existsSync(types)) return false
  const inputs = readdirSync(folder).map((name) => join(folder, name))
  inputs.push(folder, fileURLToPath(import.meta.url), 'package-lock.json')
  return statSync(output).mtimeMs >= Math.max(...inputs.map((path) => statSync(path).mtimeMs))
}

function compile(): void {
  const wasm = join(dirname(output), 'kernel.wasm')
  const speed = ['-O3', '--noAssert', '--runtime', 'stub', '--use', 'abort=']
  mkdirSync(dirname(output), { recursive: true })
  execFileSync('asc', [join(folder, 'index.ts'), '--outFile', wasm, ...speed], { stdio: 'inherit' })
  const text = readFileSync(wasm).toString('base64')
  rmSync(wasm)
  writeFileSync(types, '/** The WebAssembly module, in base64. */\nexport const KERNEL: string\n')
  writeFileSync(output, `export const KERNEL = '${text}'\n`)
}
