import { authpb, etcdserverpb } from '../proto/generated/etcd.js'
import { asRequest } from '../wal/operation.ts'
import { REQUESTS, type RequestField } from '../wal/request-name.ts'
import type { Disclosure } from './bytes.ts'
import {
  choice,
  type Field,
  flag,
  hidden,
  id,
  integer,
  type JsonObject,
  key,
  list,
  message,
  option,
  presentFlag,
  presentId,
  presentInteger,
  presentValue,
  secret,
  secretValue,
  text,
  unsigned,
  value,
} from './fields.ts'

type InternalRaftRequest = etcdserverpb.InternalRaftRequest.$Properties

const { RangeRequest, Compare, AlarmRequest, AlarmType } = etcdserverpb

const compare = message<etcdserverpb.Compare.$Properties>({
  target: choice(Compare.CompareTarget),
  result: choice(Compare.CompareResult),
  key,
  range_end: key,
  version: presentInteger,
  create_revision: presentInteger,
  mod_revision: presentInteger,
  value: presentValue,
  lease: presentId,
  target_union: hidden,
})

/** `{"put":{…}}`, `{"txn":{…}}` and so on: an operation has one member, named as the request. */
const operation: Field<etcdserverpb.RequestOp.$Properties> = (op, disclosure) =>
  op ? setRequests(asRequest(op), disclosure) : {}

/** How each request shows; etcd's own field names, in camel case. */
const DETAILS: { readonly [F in RequestField]: Field<NonNullable<InternalRaftRequest[F]>> } = {
  range: message<etcdserverpb.RangeRequest.$Properties>({
    key,
    range_end: key,
    limit: integer,
    revision: integer,
    sort_order: option(RangeRequest.SortOrder),
    sort_target: option(RangeRequest.SortTarget),
    serializable: flag,
    keys_only: flag,
    count_only: flag,
    min_mod_revision: integer,
    max_mod_revision: integer,
    min_create_revision: integer,
    max_create_revision: integer,
  }),
  put: message<etcdserverpb.PutRequest.$Properties>({
    key,
    value,
    lease: id,
    prev_kv: flag,
    ignore_value: flag,
    ignore_lease: flag,
  }),
  delete_range: message<etcdserverpb.DeleteRangeRequest.$Properties>({
    key,
    range_end: key,
    prev_kv: flag,
  }),
  txn: message<etcdserverpb.TxnRequest.$Properties>({
    compare: list(compare),
    success: list(operation),
    failure: list(operation),
  }),
  compaction: message<etcdserverpb.CompactionRequest.$Properties>({
    revision: integer,
    physical: flag,
  }),
  lease_grant: message<etcdserverpb.LeaseGrantRequest.$Properties>({ ID: id, TTL: integer }),
  lease_revoke: message<etcdserverpb.LeaseRevokeRequest.$Properties>({ ID: id }),
  lease_checkpoint: message<etcdserverpb.LeaseCheckpointRequest.$Properties>({
    checkpoints: list(
      message<etcdserverpb.LeaseCheckpoint.$Properties>({ ID: id, remaining_TTL: integer }),
    ),
  }),
  alarm: message<etcdserverpb.AlarmRequest.$Properties>({
    action: choice(AlarmRequest.AlarmAction),
    memberID: id,
    alarm: choice(AlarmType),
  }),

  authenticate: message<etcdserverpb.InternalAuthenticateRequest.$Properties>({
    name: text,
    password: secret,
    simple_token: secret,
  }),
  auth_enable: message<etcdserverpb.AuthEnableRequest.$Properties>({}),
  auth_disable: message<etcdserverpb.AuthDisableRequest.$Properties>({}),
  auth_status: message<etcdserverpb.AuthStatusRequest.$Properties>({}),
  auth_user_add: message<etcdserverpb.AuthUserAddRequest.$Properties>({
    name: text,
    password: secret,
    hashedPassword: secret,
    options: message<authpb.UserAddOptions.$Properties>({ no_password: flag }),
  }),
  auth_user_delete: message<etcdserverpb.AuthUserDeleteRequest.$Properties>({ name: text }),
  auth_user_change_password: message<etcdserverpb.AuthUserChangePasswordRequest.$Properties>({
    name: text,
    password: secret,
    hashedPassword: secret,
  }),
  auth_user_grant_role: message<etcdserverpb.AuthUserGrantRoleRequest.$Properties>({
    user: text,
    role: text,
  }),
  auth_user_get: message<etcdserverpb.AuthUserGetRequest.$Properties>({ name: text }),
  auth_user_revoke_role: message<etcdserverpb.AuthUserRevokeRoleRequest.$Properties>({
    name: text,
    role: text,
  }),
  auth_user_list: message<etcdserverpb.AuthUserListRequest.$Properties>({}),
  auth_role_add: message<etcdserverpb.AuthRoleAddRequest.$Properties>({ name: text }),
  auth_role_grant_permission: message<etcdserverpb.AuthRoleGrantPermissionRequest.$Properties>({
    name: text,
    perm: message<authpb.Permission.$Properties>({
      permType: choice(authpb.Permission.Type),
      key,
      range_end: key,
    }),
  }),
  auth_role_get: message<etcdserverpb.AuthRoleGetRequest.$Properties>({ role: text }),
  auth_role_revoke_permission: message<etcdserverpb.AuthRoleRevokePermissionRequest.$Properties>({
    role: text,
    key,
    range_end: key,
  }),
  auth_role_delete: message<etcdserverpb.AuthRoleDeleteRequest.$Properties>({ role: text }),
  auth_role_list: message<etcdserverpb.AuthRoleListRequest.$Properties>({}),

  cluster_version_set: message({ ver: text }),
  cluster_member_attr_set: message({
    member_ID: id,
    member_attributes: message({ name: text, client_urls: list(text) }),
  }),
  downgrade_info_set: message({ enabled: flag, ver: text }),
  downgrade_version_test: message<etcdserverpb.DowngradeVersionTestRequest.$Properties>({
    ver: text,
  }),
}

/** Every request that is set, by its name. Servers set one. */
export function setRequests(request: InternalRaftRequest, disclosure: Disclosure): JsonObject {
  const details: JsonObject = {}
  for (const { field, name } of REQUESTS) {
    const detail = (DETAILS[field] as Field<unknown>)(request[field], disclosure)
    if (detail !== undefined) details[name] = detail
  }
  return details
}

const v2 = (value: Field<Uint8Array>) =>
  message<etcdserverpb.Request.$Properties>({
    ID: hidden,
    Method: text,
    Path: text,
    Val: value,
    Dir: flag,
    PrevValue: value,
    PrevIndex: unsigned,
    PrevExist: presentFlag,
    Expiration: integer,
    Wait: flag,
    Since: unsigned,
    Recursive: flag,
    Sorted: flag,
    Quorum: flag,
    Time: integer,
    Stream: flag,
    Refresh: presentFlag,
  })
const V2 = v2(value)
const V2_AUTH = v2(secretValue)

/** A v2 request, without its id. Below `/2`, where v2 auth keeps users, the value is a secret. */
export function v2Detail(
  request: etcdserverpb.Request.$Properties,
  disclosure: Disclosure,
): JsonObject {
  const detail = request.Path?.startsWith('/2') ? V2_AUTH : V2
  return detail(request, disclosure) as JsonObject
}
