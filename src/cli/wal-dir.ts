import type { Artefact } from '../lib/member/artefact.ts'
import { UsageError } from './errors.ts'

/**
 * Refuses --wal-dir when nothing it could belong to was given.
 *
 * @throws UsageError
 */
export function requireDataDir(artefacts: readonly Pick<Artefact, 'type' | 'path'>[]): void {
  if (artefacts.some(({ type }) => type === 'data-dir' || type === 'unknown')) return
  const [first] = artefacts
  throw new UsageError(
    '--wal-dir goes with a data dir only',
    `${first?.path} is of type ${first?.type}`,
  )
}
