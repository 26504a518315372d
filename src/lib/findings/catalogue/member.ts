import { family } from '../entry.ts'

/** Findings about a data dir as a whole. */
export const MEMBER_FINDINGS = family({
  MEMBER_NO_WAL: {
    title: 'No WAL',
    severity: 'error',
    meaning: 'etcd takes a member without a WAL for a new one, whatever its db holds.',
    remedy: 'Find the WAL; it may be elsewhere (--wal-dir). Do not start the member without it.',
  },
  MEMBER_NO_DB: {
    title: 'No db',
    severity: 'error',
    meaning: 'etcd refuses to start when the WAL has a snapshot, and leaves an empty db behind.',
    remedy: 'Find the db, or remove the member from the cluster and add it again.',
  },
})
