/** Directories that go when the process does. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const made: string[] = []

process.on('exit', () => {
  for (const path of made) rmSync(path, { recursive: true, force: true })
})

export function tempDir(): string {
  const path = mkdtempSync(join(tmpdir(), 'etcdsnap-test-'))
  made.push(path)
  return path
}

/** Has a directory that somebody else made below the temporary directory removed as well. */
export function removeAtExit(path: string): void {
  if (path.startsWith(join(tmpdir(), 'etcdsnap-test-'))) made.push(path)
}

/** A file of its own with these bytes. */
export function tempFile(name: string, bytes: Uint8Array | string): string {
  const path = join(tempDir(), name)
  writeFileSync(path, bytes)
  return path
}
