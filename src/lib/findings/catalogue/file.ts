import { family } from '../entry.ts'

/** Findings about files as such, before any format is read. */
export const FILE_FINDINGS = family({
  FILE_EMPTY: {
    title: 'Empty file',
    severity: 'error',
    meaning: 'The name or place says that this is an etcd artefact, but it holds no bytes.',
    remedy:
      'Use another copy, or in a data dir an older .snap. An empty file is what a full disk or an ' +
      'interrupted copy leaves.',
  },
  FILE_UNRECOGNISED: {
    title: 'Nothing recognisable',
    severity: 'error',
    meaning: 'The name or place says that this is an etcd artefact, but its bytes are of no kind.',
    remedy: 'Use another copy, and keep this one: it may have been overwritten or cut.',
  },
  FILE_NOT_ETCD: {
    title: 'Not an etcd artefact',
    severity: 'error',
    meaning: 'Neither the name nor the bytes are those of anything that etcd writes.',
    remedy: 'Check the path.',
  },
  FILE_NO_WAL: {
    title: 'No write-ahead log here',
    severity: 'error',
    meaning: 'The path is neither a data dir, nor a WAL directory, nor a segment.',
    remedy: 'Give the data dir, or the WAL itself; `inspect` tells what a path is.',
  },
  FILE_UNREADABLE: {
    title: 'Cannot be read',
    severity: 'error',
    meaning: 'The operating system refused to open or read the file.',
    remedy: 'Check the path, the permissions and the disk, then run the command again.',
  },
  FILE_CHANGED: {
    title: 'Changed while it was read',
    severity: 'warning',
    meaning: 'A running etcd, or somebody else, wrote to the file during the inspection.',
    remedy: 'Stop the member, or inspect a copy taken at one moment.',
  },
})
