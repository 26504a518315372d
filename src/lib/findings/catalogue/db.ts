import { family } from '../entry.ts'

/** Findings about bbolt files: a member's db, a backup, a .snap.db. */
export const DB_FINDINGS = family({
  DB_META_INVALID: {
    title: 'Invalid meta page',
    severity: 'warning',
    meaning:
      'One of the two meta pages is damaged. bbolt uses the other: when that is the older one, ' +
      'the last transaction is lost.',
    remedy: 'Keep a copy, and compare the revision with that of another member or backup.',
  },
  DB_NO_META: {
    title: 'No valid meta page',
    severity: 'error',
    meaning: 'Both meta pages are damaged: nothing opens the file ("invalid database").',
    remedy: 'Use another copy.',
  },
  DB_TRUNCATED: {
    title: 'File shorter than its pages',
    severity: 'error',
    meaning:
      'The file ends before the last page it uses. bbolt dies with SIGBUS when it gets there.',
    remedy: 'Use another copy; this one was cut.',
  },
})
