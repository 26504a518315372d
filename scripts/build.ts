/**
 * Builds dist/: the library (lib/), the CLI in one file (etcdsnap.cjs), and V8's code cache for it.
 * Does nothing when dist/ was already built from these very sources with this Node.
 */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

process.chdir(fileURLToPath(new URL('..', import.meta.url)))

const stamp = join('dist', '.built-from')
const sources = digest([
  'src',
  'scripts',
  'tsconfig.json',
  'tsconfig.lib.json',
  'package-lock.json',
])
if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== sources) await buildAll()

/** Builds aside and swaps, so that nobody ever runs half a build. */
async function buildAll(): Promise<void> {
  const { bundleProgram, bundleWorkers } = await import('./bundle.ts')
  const directory = `dist.${process.pid}`
  try {
    buildLibrary(join(directory, 'lib'))
    await bundleProgram(directory)
    await bundleWorkers(directory)
    const bundle = join(directory, 'etcdsnap.cjs')
    execFileSync('tsx', ['scripts/code-cache.ts', bundle], { stdio: ['ignore', 'ignore', 'pipe'] })
    writeFileSync(join(directory, '.built-from'), sources)
    rmSync('dist', { recursive: true, force: true })
    renameSync(directory, 'dist')
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

/** Types are checked elsewhere (`npm run check`); here they are only taken off. */
function buildLibrary(directory: string): void {
  execFileSync('tsc', ['-p', 'tsconfig.lib.json', '--outDir', directory], { stdio: 'inherit' })
  for (const folder of readdirSync(join('src', 'lib'))) {
    const generated = join('src', 'lib', folder, 'generated')
    if (existsSync(generated)) {
      cpSync(generated, join(directory, folder, 'generated'), { recursive: true })
    }
  }
}

/** A fingerprint of all that a build depends on. */
function digest(paths: string[]): string {
  const hash = createHash('sha256').update(`${process.version} ${process.arch}`)
  for (const path of paths.flatMap(filesBelow)) hash.update(path).update(readFileSync(path))
  return hash.digest('hex')
}

function filesBelow(path: string): string[] {
  if (statSync(path).isFile()) return [path]
  return readdirSync(path)
    .sort()
    .flatMap((name) => filesBelow(join(path, name)))
}
