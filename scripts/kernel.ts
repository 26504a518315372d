/**
 * Compiles the kernels: src/lib/<codec>/kernel/*.ts (AssemblyScript) → src/lib/<codec>/generated/kernel.js,
 * which holds the WebAssembly as text, so that a bundle needs no second file.
 * Does nothing where the output is newer than every source.
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

/** What every kernel is made of beside its own folder. */
const SHARED = [join('src', 'lib', 'checksum', 'kernel'), join('src', 'lib', 'proto', 'kernel')]

/** Kernels with their options: those that share a memory have each their place in it. */
const KERNELS: Record<string, readonly string[]> = {
  wal: [],
  bolt: ['--importMemory', '--memoryBase', '1024'],
  store: ['--importMemory', '--memoryBase', '65536'],
}

for (const [codec, options] of Object.entries(KERNELS)) {
  const folder = join('src', 'lib', codec, 'kernel')
  const output = join('src', 'lib', codec, 'generated', 'kernel.js')
  if (!isFresh(folder, output)) compile(folder, output, options)
}

function isFresh(folder: string, output: string): boolean {
  if (!existsSync(output) || !existsSync(typesOf(output))) return false
  const folders = [folder, ...SHARED]
  const files = folders.flatMap((each) => readdirSync(each).map((name) => join(each, name)))
  const inputs = [...folders, ...files, fileURLToPath(import.meta.url), 'package-lock.json']
  return statSync(output).mtimeMs >= Math.max(...inputs.map((path) => statSync(path).mtimeMs))
}

function compile(folder: string, output: string, options: readonly string[]): void {
  const wasm = join(dirname(output), 'kernel.wasm')
  const speed = ['-O3', '--noAssert', '--runtime', 'stub', '--use', 'abort=', ...options]
  mkdirSync(dirname(output), { recursive: true })
  execFileSync('asc', [join(folder, 'index.ts'), '--outFile', wasm, ...speed], { stdio: 'inherit' })
  const text = readFileSync(wasm).toString('base64')
  rmSync(wasm)
  writeFileSync(
    typesOf(output),
    '/** The WebAssembly module, in base64. */\nexport const KERNEL: string\n',
  )
  writeFileSync(output, `export const KERNEL = '${text}'\n`)
}

function typesOf(output: string): string {
  return output.replace(/\.js$/, '.d.ts')
}
