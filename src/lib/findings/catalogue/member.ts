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
  MEMBER_ZOMBIE: {
    title: 'Zombie member',
    severity: 'error',
    meaning:
      'A list of members names one that raft does not know: it was removed, or is of a cluster ' +
      'before a restore by etcdctl up to 3.4, which leaves the old rows in the db. etcd up to 3.5 ' +
      'does not look at the db; 3.6 lists the member, and 3.7 takes it for a voter, without whom ' +
      'there may be no quorum. A warning while the cluster is at most 3.5.',
    remedy:
      'Run 3.5.26 or later on every member before an upgrade to 3.6: it removes such rows at start. ' +
      'On 3.6 and later remove the member with `etcdctl member remove`.',
  },
  MEMBER_MISSING: {
    title: 'Member missing from a list',
    severity: 'error',
    meaning:
      'Raft has a voter or learner that a list of members does not name. etcd up to 3.5 goes by the ' +
      'v2 store, 3.6 and later by the db: there the member is unknown, and 3.7 starts raft without ' +
      'it. A warning when only the db lacks it and the cluster is at most 3.5.',
    remedy:
      'Compare with the other members. Remove the member and add it again, from a member whose ' +
      'lists are whole.',
  },
  MEMBER_REMOVED: {
    title: 'Member removed in the db only',
    severity: 'error',
    meaning:
      'The db has a member among those that were removed, while raft still has it as a voter or ' +
      'learner. etcd 3.6 and later refuse what a removed member sends. A warning while the cluster ' +
      'is at most 3.5, which goes by the v2 store.',
    remedy: 'Compare with the other members, before any of them is upgraded to 3.6.',
  },
  MEMBER_NOT_PROMOTED: {
    title: 'Learner not promoted in a list',
    severity: 'error',
    meaning:
      'Raft has the member as a voter, a list of members still as a learner. 3.5.1 to 3.5.19 did ' +
      'not write promotions to the db (etcd-io/etcd#19557). etcd 3.6 then counts a learner too ' +
      'many, and may refuse to start with "membership: too many learner members in cluster"; 3.7 ' +
      'takes the voter for a learner. A warning while the cluster is at most 3.5.',
    remedy:
      'Run 3.5.24 or later on every member before an upgrade to 3.6: it mends the db at start, and ' +
      'so does 3.6 where the .snap has the promotion.',
  },
  MEMBER_LEARNER_LOST: {
    title: 'Learner listed as a voter',
    severity: 'error',
    meaning:
      'Raft has the member as a learner, a list of members as a voter. Before 3.5.31 and 3.6.12 an ' +
      'update of its peer URLs did that (etcd-io/etcd#21694). It cannot be promoted any more: etcd ' +
      'says that it is no learner. 3.7 takes it for a voter. A warning when only the db has it so ' +
      'and the cluster is at most 3.5.',
    remedy: 'Remove the learner and add it again.',
  },
  MEMBER_ATTRIBUTES: {
    title: 'Names or URLs of a member differ',
    severity: 'warning',
    meaning:
      'The db has another name, other peer URLs or other client URLs for a member than the .snap ' +
      'and the WAL, or none. 3.5.1 to 3.5.19 never changed a member that was in the db ' +
      '(etcd-io/etcd#19557). Up to 3.5 those of the WAL count, from 3.6 on those of the db.',
    remedy:
      'Run 3.5.20 or later and restart each member, which publishes its name and client URLs then; ' +
      '`etcdctl member update` writes the peer URLs again.',
  },
  MEMBER_CONF_STATES: {
    title: "Raft's configuration differs between the .snap and the WAL",
    severity: 'warning',
    meaning:
      'A snapshot record of the WAL names other voters or learners than the .snap and the entries ' +
      'lead to. etcd up to 3.6 goes by the .snap.',
    remedy: 'Find out whether the files belong together: a .snap may be of another member.',
  },
})
