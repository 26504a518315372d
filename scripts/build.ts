/** Builds dist/ from src/. */
import { execFileSync } from 'node:child_process'
import { existsSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

process.chdir(fileURLToPath(new URL('..', import.meta.url)))

rmSync('dist', { recursive: true, force: true })
if (existsSync('src/lib/index.ts')) {
  execFileSync('tsc', ['-p', 'tsconfig.lib.json'], { stdio: 'inherit' })
}
