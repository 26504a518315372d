import { family } from '../entry.ts'

/** Findings about the rows of the key bucket. */
export const MVCC_FINDINGS = family({
  MVCC_REVISION_INVALID: {
    title: 'Row that is no revision',
    severity: 'error',
    meaning:
      'The key of a row in the key bucket is not a revision: 17 bytes, or 18 of a deletion. etcd ' +
      'panics when it loads the file.',
    remedy: 'Keep a copy, and use another backup, or rebuild the member from its peers.',
  },
  MVCC_VALUE_UNDECODABLE: {
    title: 'Row that does not decode',
    severity: 'error',
    meaning:
      'The value of a row in the key bucket is not a KeyValue message. etcd stops with "failed to ' +
      'unmarshal mvccpb.KeyValue" when it loads the file.',
    remedy: 'Keep a copy, and use another backup, or rebuild the member from its peers.',
  },
})
