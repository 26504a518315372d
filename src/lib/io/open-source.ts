import type { Findings } from '../findings/findings.ts'
import { FileSource } from './file-source.ts'
import type { Source } from './source.ts'
import { unlessUnreadable } from './unreadable.ts'

/**
 * Opens what a path names, as every command that reads a file does. To be closed by the caller.
 *
 * @param path as it was given
 * @returns undefined, and a finding, when there is nothing that could be read
 */
export async function openSource(path: string, findings: Findings): Promise<Source | undefined> {
  return unlessUnreadable(path, findings, () => new FileSource(path))
}
