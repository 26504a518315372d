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
  FILE_UNFINISHED: {
    title: 'Save that was not finished',
    severity: 'warning',
    meaning:
      'The name ends in .part: `snapshot save` writes to such a name, and renames the file when all of ' +
      'it has arrived. This one was interrupted, or is being saved at this moment.',
    remedy: 'Use a backup that was saved to its end, and look why this one was not.',
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
  FILE_NO_DB: {
    title: 'No db here',
    severity: 'error',
    meaning: 'The path is neither a db, nor a backup, nor a data dir that holds one.',
    remedy: 'Give the db, the backup or the data dir; `inspect` tells what a path is.',
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
  FILE_COMPRESSION_DAMAGED: {
    title: 'Compressed data damaged',
    severity: 'error',
    meaning:
      'The file is compressed, and cannot be unpacked whole or fails the checksum of the compression. ' +
      'What could be unpacked is inspected; its end is missing, or what it holds is not to be trusted.',
    remedy: 'Use another copy, or fetch this one again: it was cut or changed after it was packed.',
  },
  FILE_COMPRESSION_UNSUPPORTED: {
    title: 'Compressed in a way that is not read',
    severity: 'error',
    meaning: 'Only gzip, zstd and zip are unpacked, without passwords, and no archives of tar.',
    remedy: 'Unpack it with the program that packed it, and inspect what comes out.',
  },
  FILE_COMPRESSION_NAME: {
    title: 'The name says otherwise about compression',
    severity: 'info',
    meaning:
      'The file is compressed although its name does not say so, or the other way round. It is read ' +
      'for what it is, but etcd and its tools read no compressed file: they would refuse it as damaged.',
    remedy: 'Give the file its right name, and unpack it before a restore.',
  },
  FILE_ARCHIVE_UNCLEAR: {
    title: 'No single file in the archive',
    severity: 'error',
    meaning: 'The archive holds no file, or several of which more than one could be meant.',
    remedy: 'Name one of its files, as in backup.zip:snapshot.db, or unpack it.',
  },
  FILE_NO_ROOM: {
    title: 'No room to unpack',
    severity: 'error',
    meaning:
      'Compressed files and standard input are written to a temporary file, and its directory has no ' +
      'room for it or takes no file. The last 5 % of the disk, but no more than 1 GiB, is left to others.',
    remedy: 'Set TMPDIR to a directory with more room, or unpack the file there yourself.',
  },
})
