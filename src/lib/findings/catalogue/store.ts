import { family } from '../entry.ts'

/** Findings about etcd's own rows in a db: every bucket but that of the keys. */
export const STORE_FINDINGS = family({
  STORE_BUCKET_MISSING: {
    title: 'Bucket missing',
    severity: 'warning',
    meaning:
      'Every server makes all of its buckets when it starts. A db without the bucket `key` holds ' +
      'no keys: etcd would start with it as with an empty one.',
    remedy: 'Find out what made the file; if it is not of etcd, use another copy.',
  },
  STORE_BUCKET_UNKNOWN: {
    title: 'Bucket unknown to etcd',
    severity: 'info',
    meaning:
      'etcd neither reads nor removes it. It counts in the hash and the number of keys of ' +
      '`snapshot status`.',
    remedy: 'Nothing to do for etcd; find out what wrote it.',
  },
  STORE_ROW_UNDECODABLE: {
    title: 'Row that does not decode',
    severity: 'error',
    meaning:
      "A row of one of etcd's own buckets is not what etcd writes there. Servers panic on most of " +
      'them, at start or when they first need them; no checksum of the member covers these rows.',
    remedy: 'Use another copy: another member, or an older backup.',
  },
  STORE_ROW_MISMATCH: {
    title: 'Row says another name than its key',
    severity: 'warning',
    meaning:
      'The id or name inside a row is not the one it is stored under. Servers use now the one, now ' +
      'the other: the row may never be removed, or never be found.',
    remedy: 'Compare with the same row of another member or backup.',
  },
  STORE_UNKNOWN_KEYS: {
    title: 'Keys unknown to etcd',
    severity: 'info',
    meaning:
      "Keys in etcd's own buckets that no version up to 3.8 writes: those of a later etcd, of a " +
      'fork, or damage.',
    remedy: 'Use a newer etcdsnap if one exists.',
  },
  STORE_NOT_LISTED: {
    title: 'More rows than are listed',
    severity: 'info',
    meaning:
      'Members, alarms, users and roles are listed up to 10 000 of each, or 2 MiB. All rows were ' +
      'checked.',
    remedy: 'Nothing to do.',
  },
  STORE_ALARM_NOSPACE: {
    title: 'NOSPACE alarm set',
    severity: 'warning',
    meaning:
      'The db had reached its quota. Servers refuse writes until the alarm is disarmed, and it ' +
      'comes along with a restore, under the id of the old member.',
    remedy:
      'Make room first: compact, defragment, or raise --quota-backend-bytes. Then ' +
      '`etcdctl alarm disarm`, also on what is restored from this file.',
  },
  STORE_ALARM_CORRUPT: {
    title: 'CORRUPT alarm set',
    severity: 'warning',
    meaning:
      'A server found that members hold different data at the same revision. The alarm does not ' +
      'say which of them is wrong. Servers refuse reads and writes until it is disarmed, and it ' +
      'comes along with a restore.',
    remedy:
      'Compare the HashKV of all members at one revision and replace those that differ; disarm ' +
      'the alarm only then.',
  },
  STORE_ALARM_UNKNOWN: {
    title: 'Unknown alarm set',
    severity: 'warning',
    meaning: 'An alarm of a kind that etcd up to 3.8 does not have.',
    remedy: 'Ask a server of the version that wrote the file: `etcdctl alarm list`.',
  },
  STORE_DOWNGRADE: {
    title: 'Downgrade in progress',
    severity: 'warning',
    meaning:
      'The cluster was told to go down to a lower version and had not finished. The order comes ' +
      'along with a restore.',
    remedy:
      'Start the file with the version it was written by, then finish or cancel: ' +
      '`etcdctl downgrade cancel`.',
  },
  STORE_AUTH_ENABLED: {
    title: 'Authentication is on',
    severity: 'info',
    meaning: 'A cluster restored from this file asks for the same users and passwords.',
    remedy: 'Have the password of root at hand before a restore.',
  },
  STORE_MEMBER_REMOVED: {
    title: 'Removed member still listed',
    severity: 'warning',
    meaning:
      'The bucket `members` holds a member that `members_removed` says was removed. etcd up to 3.5 ' +
      'goes by the v2 store; 3.6 takes `members` for the truth and counts it.',
    remedy:
      'Bring the members to 3.5.26 or later before an upgrade to 3.6: it removes such rows at start.',
  },
  STORE_REVISION_UNAVAILABLE: {
    title: 'Revision not in the file',
    severity: 'error',
    meaning:
      'The revision asked for was compacted, or is behind the last one. Servers refuse it in the ' +
      'same words.',
    remedy:
      'Ask for a revision from the compact revision to the current one; `inspect` shows both.',
  },
})
