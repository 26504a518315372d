import { family } from '../entry.ts'

const OTHER_COPY =
  'Keep a copy, and use another backup, or rebuild the member from its peers; what can be read of ' +
  'this one, `inspect` still counts.'

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
  DB_SHA256_MISMATCH: {
    title: 'SHA-256 of the backup does not match',
    severity: 'error',
    meaning:
      'The hash that `snapshot save` put behind the backup is not that of its content. `snapshot ' +
      'status` does not look; `snapshot restore` refuses the file, unless told to skip the check.',
    remedy:
      'Use another backup. With --skip-hash-check etcd starts on this one whatever was changed in ' +
      'its values: nothing else protects them.',
  },
  DB_SHA256_CUT: {
    title: 'SHA-256 of the backup cut off',
    severity: 'error',
    meaning:
      'The file is a backup, and the hash at its end is missing in whole or part. `snapshot restore` ' +
      'refuses it ("snapshot missing hash").',
    remedy: 'Fetch the backup again: the end of the file was lost on the way.',
  },
  DB_SHA256_MISSING: {
    title: 'No SHA-256',
    severity: 'info',
    meaning:
      "The file is a member's db, which has no hash: nothing proves that the values in it are what " +
      'was written. `snapshot restore` takes it with --skip-hash-check only, and without the WAL ' +
      'beside it what was written last is missing.',
    remedy: 'Make backups with `etcdctl snapshot save`.',
  },
  DB_BEING_WRITTEN: {
    title: 'Read while it was written',
    severity: 'info',
    meaning:
      'A running etcd wrote to the file during the inspection. It was read again, and that time ' +
      'nothing changed: what is shown is one state of it.',
    remedy: 'None is needed.',
  },
  DB_NEVER_STILL: {
    title: 'Never held still',
    severity: 'error',
    meaning:
      'A running etcd wrote to the file each time it was read: what is shown is of different moments, ' +
      'and cannot be judged.',
    remedy: 'Take a backup with `etcdctl snapshot save`, or stop the member, and inspect that.',
  },
  DB_PAGE_OUT_OF_BOUNDS: {
    title: 'Reference behind the last page',
    severity: 'error',
    meaning:
      'A page, a bucket or an overflow refers to a page that does not exist. bbolt panics when it ' +
      'gets there; the keys below are lost.',
    remedy: OTHER_COPY,
  },
  DB_PAGE_SHARED: {
    title: 'Page referred to twice',
    severity: 'error',
    meaning:
      'Two places of the tree refer to one page, of which at most one can be right. bbolt opens the ' +
      'file and serves the page in both places, until a write to one destroys the other.',
    remedy: OTHER_COPY,
  },
  DB_PAGE_ID: {
    title: 'Page with another id',
    severity: 'error',
    meaning:
      'A page says in its header that it is another one: it was written to the wrong place, or not ' +
      'at all. bbolt from 1.3.7 on panics on it; older ones take it as it is.',
    remedy: OTHER_COPY,
  },
  DB_PAGE_TYPE: {
    title: 'Page of the wrong type',
    severity: 'error',
    meaning:
      'A page of the tree is neither a branch nor a leaf page. bbolt panics when it gets there; the ' +
      'keys below are lost.',
    remedy: OTHER_COPY,
  },
  DB_PAGE_UNREADABLE: {
    title: 'Page that cannot be read',
    severity: 'error',
    meaning:
      'The file ends before the page does, or the page is larger than any that etcd writes. bbolt ' +
      'dies with SIGBUS when it gets there.',
    remedy: OTHER_COPY,
  },
  DB_ELEMENT_OUTSIDE: {
    title: 'Element outside its page',
    severity: 'error',
    meaning:
      'An element of a page points out of the page, or there are more than fit. bbolt does not check ' +
      'this: it crashes, or takes foreign bytes for a key or value.',
    remedy: OTHER_COPY,
  },
  DB_ELEMENT_MISSING: {
    title: 'Fewer elements than the page was written with',
    severity: 'error',
    meaning:
      'There is room for more elements between those of a page and its first key, which bbolt never ' +
      'leaves: the number in the header was changed, and rows or pages are out of sight. bbolt does ' +
      'not notice.',
    remedy: OTHER_COPY,
  },
  DB_ELEMENT_FLAGS: {
    title: 'Element with unknown flags',
    severity: 'error',
    meaning: 'An element of a leaf page is neither a row nor a bucket.',
    remedy: OTHER_COPY,
  },
  DB_KEY_EMPTY: {
    title: 'Empty key',
    severity: 'error',
    meaning: 'An element of a page has a key of no bytes, which bbolt never stores.',
    remedy: OTHER_COPY,
  },
  DB_KEY_ORDER: {
    title: 'Keys out of order',
    severity: 'error',
    meaning:
      'A key is not above the one before it, or is on a page that its parent has for other keys. It ' +
      'cannot be found by searching; bbolt from 1.3.7 on panics when it builds its freelist.',
    remedy: OTHER_COPY,
  },
  DB_BUCKET_INVALID: {
    title: 'Invalid bucket',
    severity: 'error',
    meaning: 'A bucket has no valid root, or lies inside another one, which etcd never makes.',
    remedy: OTHER_COPY,
  },
  DB_FREELIST_INVALID: {
    title: 'Invalid freelist',
    severity: 'error',
    meaning:
      'The list of free pages is damaged, or has a page twice. bbolt refuses it, or hands out one ' +
      'page for two purposes. etcd on Linux writes no freelist; other tools do.',
    remedy:
      'Rewrite the file with `bbolt surgery freelist abandon`, on a copy, or use another copy.',
  },
  DB_PAGE_FREED: {
    title: 'Page in use and free',
    severity: 'error',
    meaning:
      'The freelist has a page that the tree refers to: the next write may overwrite it. ' +
      '`bbolt check` calls it "reachable freed".',
    remedy:
      'Rewrite the file with `bbolt surgery freelist abandon`, on a copy, or use another copy.',
  },
  DB_PAGE_LEAKED: {
    title: 'Page neither in use nor free',
    severity: 'warning',
    meaning:
      'Nothing refers to a page, and the freelist does not have it: its room is lost, no data is. ' +
      '`bbolt check` calls it "unreachable unfreed", and `snapshot status` then fails.',
    remedy: 'Defragment the member, or restore the backup: both write a new file.',
  },
  DB_OTHER_META: {
    title: 'The transaction before',
    severity: 'info',
    meaning:
      'The tree of the newer meta page is damaged; what the tree of the other one is like shows ' +
      'what going back one transaction would cost.',
    remedy: 'Try it on a copy: `bbolt surgery revert-meta-page` goes back one transaction.',
  },
})
