import { Cursor } from '../../proto/kernel/cursor'
import { ascii, decimal, hasRoom, hex16, literal, plain } from './output'

/** Field numbers of InternalRaftRequest: proto/etcdserverpb.proto. */
const PUT: u32 = 4
const DELETE_RANGE: u32 = 5
const TXN: u32 = 6
const HEADER: u32 = 100

const COMMA = ascii(',')
const QUOTE = ascii('"')
const BRACKET_END = ascii(']')
const BRACE_END = ascii('}')
const KEY_END = ascii('"}')
const OPERATION_END = ascii('}}')
const REQUEST_PUT = ascii(',"request":"put","requestId":"')
const REQUEST_DELETE_RANGE = ascii(',"request":"deleteRange","requestId":"')
const REQUEST_TXN = ascii(',"request":"txn","requestId":"')
const DETAIL = ascii('","detail":{')
const HEADER_OBJECT = ascii('"header":{')
const USERNAME = ascii('"username":"')
const AUTH_REVISION = ascii('"authRevision":')
const KEY = ascii('"key":{"text":"')
const RANGE_END = ascii('"rangeEnd":{"text":"')
const VALUE = ascii('"value":{"bytes":')
const LEASE = ascii('"lease":"')
const PREV_KV = ascii('"prevKv":true')
const IGNORE_VALUE = ascii('"ignoreValue":true')
const IGNORE_LEASE = ascii('"ignoreLease":true')
const COMPARES = ascii('"compare":[')
const SUCCESS = ascii('"success":[')
const FAILURE = ascii('"failure":[')
const RANGE_OPERATION = ascii('{"range":{')
const PUT_OPERATION = ascii('{"put":{')
const DELETE_OPERATION = ascii('{"deleteRange":{')
const TXN_OPERATION = ascii('{"txn":{')
const TARGET = ascii('{"target":"')
const RESULT = ascii('","result":"')
const TARGETS = [ascii('VERSION'), ascii('CREATE'), ascii('MOD'), ascii('VALUE'), ascii('LEASE')]
const RESULTS = [ascii('EQUAL'), ascii('GREATER'), ascii('LESS'), ascii('NOT_EQUAL')]
const VERSION = ascii('"version":')
const CREATE_REVISION = ascii('"createRevision":')
const MOD_REVISION = ascii('"modRevision":')

/** A txn in a txn in a txn …: below this, requests are left to the host. */
const DEEPEST = 12
const cursors = new StaticArray<Cursor>(DEEPEST)
for (let i = 0; i < DEEPEST; i++) cursors[i] = new Cursor()
let depth = 0

/** Whether a comma is due before the next member or item. */
let comma = false

/**
 * Writes `,"request":…,"requestId":…,"detail":…` for the InternalRaftRequest in [start, end) when it
 * is one of those there are millions of: put, deleteRange, txn. The text is the same as that of
 * entryDetail in src/lib/report/entry-detail.ts, to which everything out of the ordinary is left:
 * other fields than a client's request has, another order than etcd's, keys that JSON escapes.
 *
 * @returns false for what is left to the host: what was written is to be taken back
 */
export function requestJson(start: usize, end: usize): bool {
  depth = 0
  comma = false
  const cursor = enter(start, end)
  if (!cursor.next() || cursor.wire !== 2) return false
  const request = cursor.field
  cursor.range()
  const from = cursor.from
  const to = cursor.to
  if (!cursor.next() || cursor.field !== HEADER || cursor.wire !== 2) return false
  cursor.range()
  if (!cursor.ok || cursor.position !== end) return false
  const header = enter(cursor.from, cursor.to)
  if (!header.next() || header.field !== 1 || header.wire !== 0) return false
  const id = header.varint()
  if (!header.ok || id === 0) return false
  if (request === PUT) literal(REQUEST_PUT)
  else if (request === TXN) literal(REQUEST_TXN)
  else if (request === DELETE_RANGE) literal(REQUEST_DELETE_RANGE)
  else return false
  hex16(id)
  literal(DETAIL)
  const done =
    request === PUT ? put(from, to) : request === TXN ? txn(from, to) : keyRange(from, to, 3)
  if (!done || !restOfHeader(header)) return false
  literal(BRACE_END)
  return true
}

/** RequestHeader {ID = 1, username = 2, auth_revision = 3}, behind the ID. */
function restOfHeader(cursor: Cursor): bool {
  if (cursor.position === cursor.end) return true
  open(HEADER_OBJECT)
  let last: u32 = 1
  while (cursor.next()) {
    if (cursor.field <= last || cursor.field > 3) return false
    last = cursor.field
    if (last === 2 ? !quoted(cursor, USERNAME, QUOTE) : !integer(cursor, AUTH_REVISION)) return false
  }
  close(BRACE_END)
  return cursor.ok
}

/** PutRequest {key = 1, value = 2, lease = 3, prev_kv = 4, ignore_value = 5, ignore_lease = 6}. */
function put(start: usize, end: usize): bool {
  const cursor = enter(start, end)
  let last: u32 = 0
  while (cursor.next()) {
    const field = cursor.field
    if (field <= last || field > 6) return false
    last = field
    let done = false
    if (field === 1) done = quoted(cursor, KEY, KEY_END)
    else if (field === 2) done = value(cursor, false)
    else if (field === 3) done = lease(cursor, false)
    else done = flag(cursor, field === 4 ? PREV_KV : field === 5 ? IGNORE_VALUE : IGNORE_LEASE)
    if (!done) return false
  }
  depth--
  return cursor.ok
}

/** The key = 1, range_end = 2 and prev_kv = 3, up to field `highest`, of a range or a deletion. */
function keyRange(start: usize, end: usize, highest: u32): bool {
  const cursor = enter(start, end)
  let last: u32 = 0
  while (cursor.next()) {
    const field = cursor.field
    if (field <= last || field > highest) return false
    last = field
    let done = false
    if (field === 1) done = quoted(cursor, KEY, KEY_END)
    else if (field === 2) done = quoted(cursor, RANGE_END, KEY_END)
    else done = flag(cursor, PREV_KV)
    if (!done) return false
  }
  depth--
  return cursor.ok
}

/** TxnRequest: compare = 1, success = 2, failure = 3, each repeated. */
function txn(start: usize, end: usize): bool {
  if (depth + 3 > DEEPEST) return false
  const cursor = enter(start, end)
  let list: u32 = 0
  while (cursor.next()) {
    const field = cursor.field
    if (cursor.wire !== 2 || field > 3 || field < list) return false
    if (field > list) {
      if (list > 0) close(BRACKET_END)
      open(field === 1 ? COMPARES : field === 2 ? SUCCESS : FAILURE)
      list = field
    }
    cursor.range()
    if (!cursor.ok || !hasRoom()) return false
    const done =
      field === 1 ? compare(cursor.from, cursor.to) : operation(cursor.from, cursor.to)
    if (!done) return false
  }
  if (list > 0) close(BRACKET_END)
  depth--
  return cursor.ok
}

/** RequestOp: one of request_range = 1, request_put = 2, request_delete_range = 3, request_txn = 4. */
function operation(start: usize, end: usize): bool {
  const cursor = enter(start, end)
  if (!cursor.next() || cursor.wire !== 2) return false
  const field = cursor.field
  cursor.range()
  if (!cursor.ok || cursor.position !== end) return false
  let done = false
  if (field === 1) {
    open(RANGE_OPERATION)
    done = keyRange(cursor.from, cursor.to, 2)
  } else if (field === 2) {
    open(PUT_OPERATION)
    done = put(cursor.from, cursor.to)
  } else if (field === 3) {
    open(DELETE_OPERATION)
    done = keyRange(cursor.from, cursor.to, 3)
  } else if (field === 4) {
    open(TXN_OPERATION)
    done = txn(cursor.from, cursor.to)
  }
  close(OPERATION_END)
  depth--
  return done
}

/**
 * Compare: result = 1, target = 2, key = 3, then one of version = 4, create_revision = 5,
 * mod_revision = 6, value = 7, lease = 8. A range_end (64) is out of the ordinary.
 */
function compare(start: usize, end: usize): bool {
  const cursor = enter(start, end)
  let result: u64 = 0
  let target: u64 = 0
  let more = cursor.next()
  if (more && cursor.field === 1 && cursor.wire === 0) {
    result = cursor.varint()
    more = cursor.next()
  }
  if (more && cursor.field === 2 && cursor.wire === 0) {
    target = cursor.varint()
    more = cursor.next()
  }
  if (result >= <u64>RESULTS.length || target >= <u64>TARGETS.length) return false
  open(TARGET)
  literal(TARGETS[<i32>target])
  literal(RESULT)
  literal(RESULTS[<i32>result])
  literal(QUOTE)
  comma = true
  if (!more || cursor.field !== 3 || !quoted(cursor, KEY, KEY_END)) return false
  if (!cursor.next() || !compared(cursor)) return false
  close(BRACE_END)
  depth--
  return cursor.ok && cursor.position === end
}

function compared(cursor: Cursor): bool {
  const field = cursor.field
  if (field === 4) return integer(cursor, VERSION)
  if (field === 5) return integer(cursor, CREATE_REVISION)
  if (field === 6) return integer(cursor, MOD_REVISION)
  if (field === 7) return value(cursor, true)
  return field === 8 && lease(cursor, true)
}

/** A text that is not empty and needs no escaping. */
function quoted(cursor: Cursor, before: usize, after: usize): bool {
  if (cursor.wire !== 2) return false
  cursor.range()
  if (!cursor.ok || cursor.from === cursor.to) return false
  member(before)
  if (!plain(cursor.from, cursor.to)) return false
  literal(after)
  return true
}

/** A member of a oneof shows even when it is empty or zero; any other is then not in the file. */
function value(cursor: Cursor, inOneof: bool): bool {
  if (cursor.wire !== 2) return false
  cursor.range()
  if (cursor.from === cursor.to && !inOneof) return false
  member(VALUE)
  decimal(<u64>(cursor.to - cursor.from))
  literal(BRACE_END)
  return cursor.ok
}

function lease(cursor: Cursor, inOneof: bool): bool {
  if (cursor.wire !== 0) return false
  const id = cursor.varint()
  if (id === 0 && !inOneof) return false
  member(LEASE)
  hex16(id)
  literal(QUOTE)
  return cursor.ok
}

/** A flag that is set; servers do not write the others. */
function flag(cursor: Cursor, text: usize): bool {
  if (cursor.wire !== 0 || cursor.varint() !== 1) return false
  member(text)
  return cursor.ok
}

/** A signed integer that is not negative. */
function integer(cursor: Cursor, name: usize): bool {
  if (cursor.wire !== 0) return false
  const number = cursor.varint()
  if (<i64>number < 0) return false
  member(name)
  decimal(number)
  return cursor.ok
}

function member(text: usize): void {
  if (comma) literal(COMMA)
  literal(text)
  comma = true
}

function open(text: usize): void {
  member(text)
  comma = false
}

function close(text: usize): void {
  literal(text)
  comma = true
}

function enter(start: usize, end: usize): Cursor {
  const cursor = cursors[depth++]
  cursor.begin(start, end)
  return cursor
}
