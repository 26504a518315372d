import { etcdserverpb, raftpb } from '../../../src/lib/proto/generated/etcd.js'

/** An entry of the log that etcd-dump-logs is tested with. */
export interface DumpLogsEntry {
  readonly type: number
  readonly data: Uint8Array
  /** The data as the tool's test shows it: hex with the digits 1 to 9 and 0 as a to i and j. */
  readonly golden: string
}

const HEY = utf8('{"hey":"ho","hi":["yo"]}')
const ONE = utf8('{"0":"1","2":["3"]}')
const LONG_PATH = `/path4/superlong${'/path'.repeat(30)}`
/** Numbers that no enum has. */
const UNKNOWN_ALARM: { action: number; alarm: number } = { action: 3, alarm: 5 }
const DELETE_AB = { request_delete_range: { key: utf8('a'), range_end: utf8('b') } }

/**
 * The 34 entries of tools/etcd-dump-logs/etcd-dump-log_test.go @ v3.6.14, with their bytes as
 * tools/etcd-dump-logs/expectedoutput/decoder_correctoutputformat.output has them.
 */
export const DUMP_LOGS_ENTRIES: readonly DumpLogsEntry[] = [
  confChange('jhjaajjjahjbbbjj', { id: 1, type: 0, node_id: 2 }),
  confChange('jhjbajjaahjbbbjj', { id: 2, type: 1, node_id: 2 }),
  confChange('jhjcajjbahjbbbjj', { id: 3, type: 2, node_id: 2 }),
  confChange('jhjdajjcahjcbbjj', { id: 4, type: 3, node_id: 3 }),
  v2Request(
    'jhjjabjjaajfbfgjfagdfhcjbbahgbbbfhfegibbcabbfhffbbbcbbfhfibbcaebbbgiffbbedgdbhjacbjjchjjdjjjdhjiejjjehjafjjjfhjjgjjjghjahjjajjhhjajj',
    { Method: '', Path: '/path0', Val: HEY, Dir: true, PrevExist: false, Expiration: 9 },
  ),
  v2Request(
    'jhjaabjdeadgdeedaajfbfgjfagdfhcabbacgbbbcjbbcabbcabbbcbbcbbbcaebbbccbbedgdbhjjcbjjchjjdjjjdhjiejjjehjafjjjfhjjgjjjghjahjjajjhhjajj',
    { ID: 1, Method: 'QGET', Path: '/path1', Val: ONE, PrevExist: false, Expiration: 9 },
  ),
  v2Request(
    'jhjbabjdeceidedcaajfbfgjfagdfhcbbbacgbbbcjbbcabbcabbbcbbcbbbcaebbbccbbedgdbhjjcbjjchjjdjjjdhjbejjjehjafjjjfhjjgjjjghjahjjajjhhjajj',
    { ID: 2, Method: 'SYNC', Path: '/path2', Val: ONE, PrevExist: false, Expiration: 2 },
  ),
  v2Request(
    'jhjcabjfdddedcdeeddeaajfbfgjfagdfhccbbahgbbbfhfegibbcabbfhffbbbcbbfhfibbcaebbbgiffbbedgdbhjjcbjjchjjdjjadhjbejjjehjafjjjfhjjgjjjghjahjjajjhhjajj',
    { ID: 3, Method: 'DELETE', Path: '/path3', Val: HEY, PrevExist: true, Expiration: 2 },
  ),
  v2Request(
    'jhjdabjfebdadedddfddaaafjabfgjfagdfhcdbfgcgegjfegbfcfffefgbfgjfagdfhbfgjfagdfhbfgjfagdfhbfgjfagdfhbfgjfagdfhbfgjfagdfhbfgjfagdfhbfgjfagdfhbfgjfagdfhbfgjfagdfhbfgjfagdfhbfgjfagdfhbfgjfagdfhbfgjfagdfhbfgjfagdfhbfgjfagdfhbfgjfagdfhbfgjfagdfhbfgjfagdfhbfgjfagdfhbfgjfagdfhbfgjfagdfhbfgjfagdfhbfgjfagdfhbfgjfagdfhbfgjfagdfhbfgjfagdfhbfgjfagdfhbfgjfagdfhbfgjfagdfhbbahgbbbfhfegibbcabbfhffbbbcbbfhfibbcaebbbgiffbbedgdbhjjcbjjchjjdjjjdhjbejjjehjafjjjfhjjgjjjghjahjjajjhhjajj',
    { ID: 4, Method: 'RANDOM', Path: LONG_PATH, Val: HEY, PrevExist: false, Expiration: 2 },
  ),
  request('jhjeaaaejajacaabjbfhfiahjfbjjabhjaehajicjafhajicja', {
    ID: 5,
    range: {
      key: utf8('1'),
      range_end: utf8('hi'),
      limit: 6,
      revision: 1,
      sort_order: 1,
      max_mod_revision: 20000,
      max_create_revision: 20000,
    },
  }),
  request('jhjfbbajjajdffffffcaabjdfbfagbcaahjacjja', {
    ID: 6,
    put: { key: utf8('foo1'), value: utf8('bar1'), lease: 1, ignore_lease: true },
  }),
  request('jhjgbajhjajacjabjaciahja', {
    ID: 7,
    delete_range: { key: utf8('0'), range_end: utf8('9'), prev_kv: true },
  }),
  request('jhjhcbadabjhaajfjajafaabjafbaajhaajfjajafaabjafb', {
    ID: 8,
    txn: { success: [DELETE_AB], failure: [DELETE_AB] },
  }),
  request('jhjicajbajja', { ID: 9, compaction: { physical: true } }),
  request('jhjadbjdjhjaajja', { ID: 10, lease_grant: { TTL: 1, ID: 1 } }),
  request('jhjbdajbjhjb', { ID: 11, lease_revoke: { ID: 2 } }),
  request('jhjcebjfjhjcajjdahje', { ID: 12, alarm: { ...UNKNOWN_ALARM, memberID: 4 } }),
  request('jhjdcbcejj', { ID: 13, auth_enable: {} }),
  request('jhjeiacfjj', { ID: 14, auth_disable: {} }),
  request('jhjfabcfaijajffdgifefafdfeabjhgjfagcgcggffgbfdaajegdfffbfefe', {
    ID: 15,
    authenticate: { name: 'myname', password: 'password', simple_token: 'token' },
  }),
  request('jhajebddajjajefefafdfecaabjegjfagcgccaaajj', {
    ID: 16,
    auth_user_add: { name: 'name1', password: 'pass1', options: {} },
  }),
  request('jhaaeaddjgjajefefafdfeca', { ID: 17, auth_user_delete: { name: 'name1' } }),
  request('jhabfbddjgjajefefafdfeca', { ID: 18, auth_user_get: { name: 'name1' } }),
  request('jhacfaddjejajefefafdfecaabjegjfagcgccb', {
    ID: 19,
    auth_user_change_password: { name: 'name1', password: 'pass2' },
  }),
  request('jhadhbdejejajegegcfegbcaabjegbfffcfeca', {
    ID: 20,
    auth_user_grant_role: { user: 'user1', role: 'role1' },
  }),
  request('jhaehadejejajegegcfegbcbabjegbfffcfecb', {
    ID: 21,
    auth_user_revoke_role: { name: 'user2', role: 'role2' },
  }),
  request('jhafibdejj', { ID: 22, auth_user_list: {} }),
  request('jhagiadejj', { ID: 23, auth_role_list: {} }),
  request('jhahhbdbjgjajegbfffcfecb', { ID: 24, auth_role_add: { name: 'role2' } }),
  request('jhaihadbjgjajegbfffcfeca', { ID: 25, auth_role_delete: { role: 'role1' } }),
  request('jhaaibdbjgjajegbfffcfecc', { ID: 26, auth_role_get: { role: 'role3' } }),
  request('jhabiadbabjajegbfffcfeccababjhjaabjddbfegigcaajhebfafefgfedefefd', {
    ID: 27,
    auth_role_grant_permission: {
      name: 'role3',
      perm: { permType: 1, key: utf8('Keys'), range_end: utf8('RangeEnd') },
    },
  }),
  request('jhacabdbafjajegbfffcfeccabjcfbfegiaajhgbfafefgfefefefd', {
    ID: 28,
    auth_role_revoke_permission: { role: 'role3', key: utf8('key'), range_end: utf8('rangeend') },
  }),
  { type: 0, data: utf8('?'), golden: 'cf' },
]

function confChange(golden: string, change: raftpb.ConfChange.$Properties): DumpLogsEntry {
  const data = raftpb.ConfChange.encode({ ...change, context: new Uint8Array() }).finish()
  return { type: 1, data, golden }
}

/** gogo writes every field that is not a pointer, also when it is zero. */
function v2Request(golden: string, set: etcdserverpb.Request.$Properties): DumpLogsEntry {
  const nothing = new Uint8Array()
  const unset = { ID: 0, Dir: false, PrevValue: nothing, PrevIndex: 0, Wait: false, Since: 1 }
  const more = { Recursive: false, Sorted: false, Quorum: false, Time: 1, Stream: false }
  const all = { ...unset, ...more, Refresh: false, ...set }
  return { type: 0, data: etcdserverpb.Request.encode(all).finish(), golden }
}

function request(
  golden: string,
  message: etcdserverpb.InternalRaftRequest.$Properties,
): DumpLogsEntry {
  return { type: 0, data: etcdserverpb.InternalRaftRequest.encode(message).finish(), golden }
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}
