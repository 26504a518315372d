import { family } from '../entry.ts'

/** Findings about `.snap` files. etcd up to 3.6 needs one at start; 3.7 and later ignore them. */
export const SNAP_FINDINGS = family({
  SNAP_UNDECODABLE: {
    title: 'Raft snapshot does not decode',
    severity: 'error',
    meaning:
      'The protobuf of the outer or inner message is broken, as in a file that was cut. ' +
      'etcd up to 3.6 renames the file to .broken and tries the next older one.',
    remedy: 'Leave the file in place; an older .snap may serve if the WAL still covers it.',
  },
  SNAP_CRC_MISMATCH: {
    title: 'Raft snapshot fails its checksum',
    severity: 'error',
    meaning:
      'The CRC-32C of the inner message is not the one stored. etcd up to 3.6 says ' +
      '"snap: crc mismatch", renames the file to .broken and tries the next older one.',
    remedy: 'Leave the file in place; an older .snap may serve if the WAL still covers it.',
  },
  SNAP_CRC_MISSING: {
    title: 'Raft snapshot without a checksum or content',
    severity: 'error',
    meaning:
      'The stored CRC is absent or zero, or the inner message is empty. etcd up to 3.6 says ' +
      '"snap: empty snapshot" and passes the file by.',
    remedy: 'Leave the file in place; an older .snap may serve if the WAL still covers it.',
  },
  SNAP_NAME_MISMATCH: {
    title: 'Name and content of a raft snapshot differ',
    severity: 'warning',
    meaning: 'etcd sorts by the name and trusts the content: a renamed file can hide a newer one.',
    remedy: 'Find out who renamed the file before etcd is started on it.',
  },
  SNAP_DATA_UNDECODABLE: {
    title: 'v2 store in a raft snapshot does not decode',
    severity: 'error',
    meaning:
      'The JSON of the v2 store is broken although the checksum is right. etcd up to 3.6 panics ' +
      'with "failed to recover from snapshot".',
    remedy: 'Restore the member from a backup, or remove it and add it again.',
  },
  SNAP_DATA_NOT_SHOWN: {
    title: 'v2 store too large to show',
    severity: 'info',
    meaning: 'The checksum was computed over all of it, but its JSON was not decoded.',
    remedy: 'Nothing to do.',
  },
  SNAP_V2_KEYS: {
    title: 'v2 keys in a raft snapshot',
    severity: 'warning',
    meaning: 'The v2 store holds keys of users. etcd 3.6 refuses to start on them.',
    remedy: 'Remove the v2 keys with etcd 3.5 before an upgrade to 3.6.',
  },
  SNAP_UNKNOWN_FIELDS: {
    title: 'Fields this build does not know',
    severity: 'info',
    meaning: 'A newer etcd may have written the file. The fields are listed, not dropped.',
    remedy: 'Use a newer etcdsnap if one exists.',
  },
})
