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
